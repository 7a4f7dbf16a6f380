package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.registry.Finding;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.report.StoppedText;
import io.stopcast.risk.PromiseRecipe;
import java.io.PrintWriter;
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

/** The main job: history in, a judged and published model out. */
@Command(
    name = "retrain",
    description = "The main job: learns from the history, judges the result on held-out runs beside every rule, publishes the"
        + " model and makes it the champion if it passes the gate.",
    mixinStandardHelpOptions = true)
final class RetrainCommand implements Callable<Integer> {
  @Mixin private HistoryOptions history;
  @Mixin private LearningOptions learning;
  @Mixin private StoppedOption stopped;
  @Mixin private JudgingOptions judging;
  @Mixin private GateOptions gate;
  @Mixin private PromiseOptions promise;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Option(names = "--models", paramLabel = "DIR", description = "Where models are published. Default: the project's models/.")
  private Path models = Home.models();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter text = json.isOn() ? err : out;
    Optional<PromiseRecipe> promising = promise.recipe();
    boolean fromStopped = stopped.isLearn();
    History read = history.read(err);
    List<ScoredRun> runs = HistoryOptions.learned(read, fromStopped);
    List<ScoredRun> complete = ScoredRun.complete(runs);
    text.printf("%,d runs read, %,d can be learned from and scored%n", read.runs().size(), complete.size());
    text.print(StoppedText.of(runs));
    text.println();

    Retraining retraining =
        new Retraining(judging.protocol(), judging.chosenSplits(), learning.isAlone(), gate.rules(), promising, text, err);
    ModelRegistry registry = new ModelRegistry(models);
    Retraining.Outcome outcome = retraining.run(runs, read, registry, "retrain");
    Optional<String> objection = outcome.objection();
    Map<String, Object> metrics = new LinkedHashMap<>(outcome.metrics());
    metrics.put("version", outcome.version());
    metrics.put("model_sha256", outcome.model().sha256());
    metrics.put("promoted", objection.isEmpty());
    metrics.put("gate", Finding.figures(outcome.findings()));
    if (objection.isEmpty()) {
      replayAgain(outcome.model(), complete, text);
      text.printf("version %s, %,d bytes, is the champion in %s%n", outcome.version(), outcome.model().size(), models);
    } else {
      metrics.put("objection", objection.get());
      err.printf(
          "version %s is published in %s but NOT promoted: %s. The champion stays %s.%n",
          outcome.version(), models, objection.get(), registry.alias(ModelRegistry.CHAMPION).orElse("none"));
    }
    if (json.isOn()) {
      JsonOption.print(out, metrics);
    }
    return objection.isEmpty() ? Stopcast.OK : Stopcast.GATE_FAILED;
  }

  /** Uses the published file as a trainer would, on the runs at hand. */
  private void replayAgain(ModelFile loaded, List<ScoredRun> runs, PrintWriter text) {
    double price = judging.prices()[judging.prices().length / 2];
    LearnedPolicy policy = LearnedPolicy.of(loaded, price);
    long stopped = runs.stream().filter(run -> Replay.of(policy, run.run()).stopped()).count();
    text.printf(
        "loaded again and replayed at price %s: stops %,d of %,d runs (which it was trained on)%n",
        price, stopped, runs.size());
  }
}
