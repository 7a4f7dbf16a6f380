package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.inspect.HeldOutPoint;
import io.stopcast.inspect.HeldOutPoints;
import io.stopcast.inspect.Latency;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.Promise.Unit;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Part;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.report.Evaluation;
import io.stopcast.report.Headline;
import io.stopcast.report.Promise;
import io.stopcast.report.Report;
import io.stopcast.risk.PromiseRecipe;
import io.stopcast.risk.PromiseTrial;
import io.stopcast.train.LearnedRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges as {@code evaluate} does, and shows the result as one HTML file. */
@Command(
    name = "report",
    description = {
      "What would have been saved and lost, on which tasks, and where it was wrong: one HTML file that works offline.",
      "Judges as evaluate does, training anew in every fold; the same input gives the same file, unless --latency is asked for."
    },
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Mixin private HistoryOptions history;
  @Mixin private LearningOptions learning;
  @Mixin private JudgingOptions judging;
  @Mixin private PartOption part;
  @Mixin private PromiseOptions promise;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The HTML file to write.")
  private Path out;

  @Option(
      names = "--plots",
      paramLabel = "DIR",
      description = "Also write the plots into this folder, each as PNG and SVG, for papers. Needs no display.")
  private Path plots;

  @Option(
      names = "--horizon",
      paramLabel = "H",
      description = "What policies are told of a judged run's planned length: planned or unknown. Default: ${DEFAULT-VALUE}.",
      defaultValue = "planned")
  private String horizon;

  @Option(
      names = "--learning-curve",
      arity = "0..1",
      split = ",",
      paramLabel = "N",
      fallbackValue = "5,10,20,40",
      description = "Also show quality against the number of runs in the history, which trains again for each number. Without"
          + " numbers: ${FALLBACK-VALUE}.")
  private List<Integer> learningCurve = List.of();

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "Show this model's card and provenance: an alias, a version folder or an .onnx file. Default: the champion, if it"
          + " was trained on this history.")
  private String model;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Option(
      names = "--latency",
      description = "Measure how long the model takes for a score, beside ONNX Runtime; needs a model. The file then differs from one"
          + " time to the next.")
  private boolean latency;

  @Override
  public Integer call() throws Exception {
    PrintWriter print = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (learningCurve.stream().anyMatch(n -> n < 1)) {
      throw new WrongUsageException("--learning-curve needs numbers of runs from 1 on, such as 5,10, but was " + learningCurve);
    }
    Optional<PromiseRecipe> promising = promise.recipe();
    Part judgedPart = part.part();
    ShownHorizon shown = horizon();
    requireFolder(out);
    if (plots != null && !Report.canPlot()) {
      throw new IOException("--plots needs fonts to write with, and Java finds none: install fontconfig and any TrueType font, or leave --plots out");
    }
    History read = history.read(err);
    Optional<Evaluation.Published> published = published(read);
    if (latency && published.isEmpty()) {
      throw new WrongUsageException("--latency needs a model to measure; name one by --model");
    }
    List<ScoredRun> runs = judgedPart.read(HistoryOptions.scored(read));
    LearnedRecipe recipe = learning.recipe(runs);
    Judging protocol = judging.of(runs, judgedPart, List.of(shown), recipe.expecting(), false, new PrintWriter(Writer.nullWriter()), err);
    List<Evaluation.Judged> judged = protocol.looked(protocol.splits());
    if (judged.isEmpty()) {
      throw new ImportException("the history is too small to be judged; bring more runs, or ask for fewer --folds");
    }
    List<SortedMap<Integer, Results>> curves =
        learningCurve.isEmpty() ? List.of() : protocol.learningCurve(learningCurve);
    List<Promise> promises = promising.isPresent() ? tried(promising.get(), judged, recipe, err) : List.of();
    Evaluation evaluation =
        new Evaluation(
            Stopcast.VERSION,
            read,
            runs,
            recipe.furtherRuns(),
            protocol.protocol(),
            judged,
            curves,
            published,
            latency ? Optional.of(latency(published.orElseThrow().file(), judged.get(0))) : Optional.empty(),
            promises);
    Report report = Report.of(evaluation);
    byte[] page = report.html().getBytes(StandardCharsets.UTF_8);
    WholeFile.write(out, page);
    int drawn = 0;
    if (plots != null) {
      Files.createDirectories(plots);
      for (Map.Entry<String, byte[]> plot : report.plots().entrySet()) {
        WholeFile.write(plots.resolve(plot.getKey()), plot.getValue());
        drawn++;
      }
    }
    tell(evaluation, report, page.length, drawn, print);
    return Stopcast.OK;
  }

  /** Promises on the runs that each split held out: new runs under known, new tasks under unseen-task. */
  private static List<Promise> tried(PromiseRecipe recipe, List<Evaluation.Judged> judged, LearnedRecipe learner, PrintWriter err) {
    List<Promise> promises = new ArrayList<>();
    for (Evaluation.Judged one : judged) {
      Split split = one.results().split();
      Optional<Unit> unit =
          split == Split.KNOWN_TASK ? Optional.of(Unit.RUN) : split == Split.UNSEEN_TASK ? Optional.of(Unit.TASK) : Optional.empty();
      if (unit.isEmpty() || !recipe.units().contains(unit.get())) {
        err.printf("no promise is tried under '%s': --unit run is tried under known, --unit task under unseen-task%n", split.word());
      } else {
        PromiseTrial.of(recipe, unit.get(), learner, one.turns(), one.results().prices())
            .forEach(trial -> promises.add(Promise.of(split, trial)));
      }
    }
    return promises;
  }

  private void tell(Evaluation evaluation, Report report, int bytes, int drawn, PrintWriter print) throws IOException {
    if (json.isOn()) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("out", out.toString());
      summary.put("bytes", bytes);
      summary.put("plots", drawn);
      List<Map<String, Object>> headlines = new ArrayList<>();
      for (int split = 0; split < report.headlines().size(); split++) {
        Results results = evaluation.judged().get(split).results();
        for (int price = 0; price < results.prices().length; price++) {
          Map<String, Object> headline = new LinkedHashMap<>();
          headline.put("split", results.split().word());
          headline.put("price", results.prices()[price]);
          headline.put("headline", report.headlines().get(split).get(price));
          headlines.add(headline);
        }
      }
      summary.put("headlines", headlines);
      JsonOption.print(print, summary);
      return;
    }
    Results first = evaluation.judged().get(0).results();
    Headline headline = report.headlines().get(0).get(first.prices().length / 2);
    print.printf("split %s. %s %s %s%n", first.split().word(), headline.lead(), headline.beside(), headline.verdict());
    print.printf("wrote %s, %,d bytes%s%n", out, bytes, drawn > 0 ? ", and %d plots into %s".formatted(drawn, plots) : "");
  }

  private ShownHorizon horizon() throws WrongUsageException {
    try {
      return ShownHorizon.of(horizon);
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(e.getMessage());
    }
  }

  /** Judging takes minutes: what cannot be written should be known before. */
  private static void requireFolder(Path file) throws WrongUsageException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new WrongUsageException("--out needs a file in a folder that exists, but was %s".formatted(file));
    }
  }

  private Optional<Evaluation.Published> published(History read) throws IOException, ModelRejectedException {
    if (model != null) {
      return Optional.of(published(ModelRegistry.find(model, models)));
    }
    ModelRegistry registry = new ModelRegistry(models);
    Optional<String> champion = registry.alias(ModelRegistry.CHAMPION);
    if (champion.isEmpty()) {
      return Optional.empty();
    }
    ModelFile file = registry.model(champion.get());
    boolean ofThisHistory = read.sha256().equals(file.metadata().get(ModelFile.HISTORY_SHA256));
    return ofThisHistory ? Optional.of(published(file)) : Optional.empty();
  }

  private static Evaluation.Published published(ModelFile file) throws IOException {
    Path card = Path.of(file.where()).resolveSibling("card.md");
    return new Evaluation.Published(
        file, Files.isRegularFile(card) ? Optional.of(Files.readString(card)) : Optional.empty());
  }

  private static Latency latency(ModelFile file, Evaluation.Judged judged) throws ModelRejectedException {
    Results results = judged.results();
    Learner learner = judged.learner();
    return Latency.of(
        file,
        HeldOutPoints.of(judged.turns(), learner, results.prices(), results.prices().length / 2, results.horizon()).stream()
            .map(HeldOutPoint::features)
            .toList());
  }
}
