package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.ShadowLogs;
import io.stopcast.history.ShadowRun;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.Priors;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Part;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.report.ResultsJson;
import io.stopcast.report.ResultsText;
import io.stopcast.train.GivenModel;
import io.stopcast.train.LearnedRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges the learned policy and all rules on held-out runs. */
@Command(
    name = "evaluate",
    description = "The whole protocol: what a model trained on this history would save and lose on runs that it has not seen,"
        + " beside every rule tuned on the same runs.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  private static final String PROTOCOL = "protocol";
  private static final String ALL = "all";

  @Mixin private HistoryOptions history;
  @Mixin private LearningOptions learning;
  @Mixin private JudgingOptions judging;
  @Mixin private PartOption part;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Option(
      names = "--policies",
      paramLabel = "P",
      description = "Which policies have a row beside never and the oracle: protocol, the ten families of rules and the learned policy;"
          + " or all, every other one that this library has as well, with its trade-off curve, but those for sweeps, which are judged"
          + " by checks/sweeps. Default: ${DEFAULT-VALUE}.",
      defaultValue = PROTOCOL)
  private String policies;

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "Judge this model as it is, an alias (champion), a version folder or an .onnx file, instead of one that is trained on the"
          + " training part of each fold; the runs of that part are the history of their tasks. For a history that it was not trained on.")
  private String model;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Option(
      names = "--horizon",
      paramLabel = "H",
      description = "What policies are told of a judged run's planned length: planned, as the history says; unknown, nothing;"
          + " or both, one after the other. Default: ${DEFAULT-VALUE}.",
      defaultValue = "planned")
  private String horizon;

  @Option(
      names = "--cold-start",
      arity = "0..1",
      split = ",",
      paramLabel = "N",
      fallbackValue = "0,1,3,5,10,20",
      description = "Also judge on unseen tasks of which so many runs are given to the learned policy and the rules. Without"
          + " numbers: ${FALLBACK-VALUE}.")
  private List<Integer> coldStart = List.of();

  @Option(
      names = "--learning-curve",
      arity = "0..1",
      split = ",",
      paramLabel = "N",
      fallbackValue = "5,10,20,40",
      description = "Also judge on known tasks with histories that are thinned to so many runs a task. Without numbers:"
          + " ${FALLBACK-VALUE}.")
  private List<Integer> learningCurve = List.of();

  @Option(
      names = "--shadow",
      arity = "1..*",
      paramLabel = "LOG",
      description = "Instead of all that: score these decision logs of live runs that were watched but not stopped. A run counts"
          + " that ended by itself. --history, if given, helps to tell the tasks' scales. Runs that were to keep a limit test whether"
          + " it is kept; with --max-regret or --mean-regret all of them test that one. So do runs of a policy that stops by chance"
          + " (learned.withProbability(0.9, seed)): those that were exempt stand for those that were stopped.")
  private List<Path> shadow = List.of();

  @Mixin private LimitOptions limits;

  @Option(
      names = "--unit",
      paramLabel = "U",
      description = "With --shadow and a limit: what the runs are, run (new runs of known tasks) or task (runs of new tasks, of which"
          + " the first of each counts). Default: run.")
  private String unit;

  @Option(
      names = "--false-alarm",
      paramLabel = "A",
      description = "With --shadow: how probable it may be that a limit that is kept is ever called broken. Default:"
          + " ${DEFAULT-VALUE}.",
      defaultValue = "0.05")
  private double falseAlarm;

  private List<ShownHorizon> horizons() throws WrongUsageException {
    try {
      return horizon.equals("both") ? List.of(ShownHorizon.values()) : List.of(ShownHorizon.of(horizon));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(e.getMessage() + "; or both");
    }
  }

  private boolean everyPolicy() throws WrongUsageException {
    if (!policies.equals(PROTOCOL) && !policies.equals(ALL)) {
      throw new WrongUsageException("--policies is one of protocol, all, but was '%s'".formatted(policies));
    }
    return policies.equals(ALL);
  }

  /**
   * What learns from the training parts.
   *
   * @param expecting whether it has to know what to expect of a run
   */
  private Learner learner(History read, List<ScoredRun> runs, boolean expecting, PrintWriter err)
      throws IOException, ModelRejectedException {
    if (model == null) {
      LearnedRecipe recipe = learning.recipe(runs);
      return expecting ? recipe.expecting() : recipe;
    }
    ModelFile file = ModelRegistry.find(model, models);
    if (read.sha256().equals(file.metadata().get(ModelFile.HISTORY_SHA256))) {
      throw new ImportException(
          "model '%s' was trained on this very history, so that nothing can be judged by it; give another one, or leave out --model"
              .formatted(model));
    }
    long known =
        runs.stream().map(run -> Priors.key(run.run().context())).distinct().filter(file.priors().tasks()::containsKey).count();
    if (known > 0) {
      err.printf("model '%s' knows %d of these tasks: it may have been trained on the runs that it is judged on%n", model, known);
    }
    return new GivenModel(file, Protocol.standard().seed());
  }

  private void checkCounts() throws WrongUsageException {
    if (coldStart.stream().anyMatch(n -> n < 0)) {
      throw new WrongUsageException("--cold-start needs numbers of runs from 0 on, such as 0,1,3,5, but was " + coldStart);
    }
    if (learningCurve.stream().anyMatch(n -> n < 1)) {
      throw new WrongUsageException("--learning-curve needs numbers of runs from 1 on, such as 5,10, but was " + learningCurve);
    }
  }

  /** What the shadow runs are to test, if the user says so. */
  private Optional<ShadowRun.Kept> asked() throws WrongUsageException {
    if (!(falseAlarm > 0 && falseAlarm < 1)) {
      throw new WrongUsageException("--false-alarm must be above 0 and below 1, such as 0.05, but was " + falseAlarm);
    }
    Optional<RegretLimit> limit = limits.limit();
    if ((limit.isPresent() || unit != null) && shadow.isEmpty()) {
      throw new WrongUsageException("a limit is tested on shadow runs: name their logs by --shadow");
    }
    if (limit.isEmpty() && unit != null) {
      throw new WrongUsageException("--unit needs a limit, such as --max-regret 0.02, which is missing");
    }
    try {
      Promise.Unit kind = unit == null ? Promise.Unit.RUN : Promise.Unit.of(unit);
      return limit.map(l -> new ShadowRun.Kept(l, kind));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }

  private int scoreShadows(Optional<ShadowRun.Kept> asked, PrintWriter out, PrintWriter err) throws IOException, WrongUsageException {
    ShadowLogs logs = ShadowLogs.read(shadow);
    logs.unreadable().forEach(where -> err.printf("%s is no JSON and left out: cut off, perhaps; the rest counts%n", where));
    ShadowScores scores =
        new ShadowScores(logs, history.isGiven() ? history.read(err).runs() : List.of(), asked, falseAlarm);
    if (json.isOn()) {
      JsonOption.print(out, scores.json());
    } else {
      scores.print(out);
    }
    return Stopcast.OK;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Part judged = part.part();
    List<ShownHorizon> horizons = horizons();
    boolean all = everyPolicy();
    checkCounts();
    Optional<ShadowRun.Kept> asked = asked();
    if (!shadow.isEmpty()) {
      return scoreShadows(asked, out, err);
    }
    History read = history.read(err);
    List<ScoredRun> runs = judged.read(HistoryOptions.scored(read));
    PrintWriter tables = json.isOn() ? err : out;
    tables.printf("%,d runs read, %,d can be scored", read.runs().size(), runs.size());
    long inPart = runs.stream().filter(judged::holds).count();
    tables.printf(inPart < runs.size() ? ", %,d of them may be judged%n%n" : "%n%n", inPart);
    Judging protocol = judging.of(runs, judged, horizons, learner(read, runs, all, err), all, tables, err);
    List<Results> results = protocol.splits();
    List<SortedMap<Integer, Results>> cold = coldStart.isEmpty() ? List.of() : protocol.coldStart(coldStart);
    List<SortedMap<Integer, Results>> curves =
        learningCurve.isEmpty() ? List.of() : protocol.learningCurve(learningCurve);
    if (results.isEmpty()) {
      throw new ImportException("the history is too small to be judged; bring more runs, or ask for fewer --folds");
    }
    tables.print(ResultsText.summary(results));
    tables.flush();
    if (json.isOn()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("runs", read.runs().size());
      document.put("scored", runs.size());
      document.put("part", judged.word());
      document.put("history_sha256", read.sha256());
      document.put("results", results.stream().flatMap(r -> ResultsJson.of(r).stream()).toList());
      document.put("cold_start", cold.stream().flatMap(c -> ResultsJson.byRuns(c).stream()).toList());
      document.put("learning_curve", curves.stream().flatMap(c -> ResultsJson.byRuns(c).stream()).toList());
      JsonOption.print(out, document);
    }
    return Stopcast.OK;
  }
}
