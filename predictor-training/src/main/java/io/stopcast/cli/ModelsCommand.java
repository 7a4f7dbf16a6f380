package io.stopcast.cli;

import io.stopcast.feature.TaskHistory;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.model.Promise;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.RegistryWriter;
import io.stopcast.registry.RunSet;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.Histories;
import io.stopcast.train.OnnxExport;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is done with published models. */
@Command(
    name = "models",
    description = "What is done with published models.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      ModelsRead.ListVersions.class,
      ModelsRead.Show.class,
      ModelsRead.Diff.class,
      ModelsMove.Promote.class,
      ModelsMove.Rollback.class,
      ModelsRead.Verify.class,
      ModelsCommand.Refresh.class
    })
final class ModelsCommand {
  /** Gives a model the earlier runs of another history. */
  @Command(
      name = "refresh",
      description = "Publishes a model with the earlier runs of your history in it, by which it judges new runs of the same"
          + " tasks, and makes it the champion. The trees stay as they are: no training, a few seconds.",
      mixinStandardHelpOptions = true)
  static final class Refresh implements Callable<Integer> {
    @Mixin private HistoryOptions history;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Option(
        names = "--model",
        paramLabel = "MODEL",
        description = "An alias, a version folder or an .onnx file. Default: ${DEFAULT-VALUE}.",
        defaultValue = ModelRegistry.CHAMPION)
    private String model;

    @Option(names = "--models", paramLabel = "DIR", description = "Where models are. Default: the project's models/.")
    private Path models = Home.models();

    @Override
    public Integer call() throws Exception {
      ModelFile old = ModelRegistry.find(model, models);
      History read = history.read(spec.commandLine().getErr());
      List<ScoredRun> runs = HistoryOptions.scored(read);
      Priors priors = Priors.of(runs.stream().map(ScoredRun::run).toList(), Histories.MOST);
      ModelFile refreshed = OnnxExport.withPriors(old, priors);
      ModelRegistry registry = new ModelRegistry(models);
      Map<String, Object> metrics = new LinkedHashMap<>();
      metrics.put("refreshed_from_sha256", old.sha256());
      metrics.put("history_sha256", read.sha256());
      metrics.put("tasks", priors.tasks().size());
      metrics.put("earlier_runs", priors.tasks().values().stream().map(TaskHistory::runs).mapToInt(List::size).sum());
      List<String> dropped = old.promises().all().stream().map(Promise::toString).toList();
      if (!dropped.isEmpty()) {
        metrics.put("promises_dropped", dropped);
        spec.commandLine()
            .getErr()
            .printf(
                "with other earlier runs in it the model promises nothing any more; it promised %s. Whoever follows the champion by that limit is left"
                    + " with the fallback: certify anew by './stopcast retrain --max-regret ...'%n",
                String.join("; ", dropped));
      }
      Optional<String> from = registry.named(model);
      String card =
          "# Stop model%n%nThe trees of model `%s`, with %s earlier runs of %s tasks, from history `%s`.%n"
              .formatted(old.sha256(), metrics.get("earlier_runs"), metrics.get("tasks"), read.sha256());
      Optional<byte[]> before = from.isEmpty() ? Optional.empty() : registry.file(from.get(), ModelRegistry.CARD);
      if (before.isPresent()) {
        card +=
            "%nThe rest was said of these trees as version %s, with the earlier runs of then. With others nothing of it is promised.%n%n"
                    .formatted(from.get())
                + new String(before.get(), StandardCharsets.UTF_8).replaceFirst("^# Stop model\\R\\R?", "");
      }
      Optional<RunSet> seen = from.isEmpty() ? Optional.empty() : registry.runs(from.get());
      Map<String, byte[]> more = seen.map(known -> Map.of(RunSet.FILE, known.and(RunSet.of(runs)).format())).orElse(Map.of());
      String version;
      try (RegistryWriter writer = registry.writer()) {
        String reason = "refreshed with earlier runs from " + from.orElse("a file");
        version = writer.publish(refreshed, card, metrics, more, reason, metrics);
        writer.promote(version, reason, Map.of());
      }
      metrics.put("version", version);
      PrintWriter out = spec.commandLine().getOut();
      if (json.isOn()) {
        JsonOption.print(out, metrics);
      } else {
        out.printf(
            "version %s knows %,d earlier runs of %,d tasks (%,d bytes), and is the champion in %s%n",
            version, metrics.get("earlier_runs"), metrics.get("tasks"), refreshed.size(), models);
      }
      return Stopcast.OK;
    }
  }
}
