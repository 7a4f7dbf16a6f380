package io.stopcast.cli;

import io.stopcast.explain.Ending;
import io.stopcast.explain.Explanation;
import io.stopcast.explain.Moment;
import io.stopcast.explain.Push;
import io.stopcast.history.DecidedRun;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers "it stopped too early, why?". */
@Command(
    name = "explain",
    description = {
      "It stopped too early, why?",
      "Replays a run, and says where and why it would be stopped: the score against its threshold step by step, which features"
          + " pushed it, what the best rule of patience would have done, what was saved and lost if the run is complete, and what"
          + " another price or condition would have changed.",
      "RUN is the name of a run in the history, with as much of SOURCE/TASK/ before it as is needed; or a file: a recording, a decision log, runs as"
          + " JSON lines, or any log that 'import' reads."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final int BEFORE = 6;
  private static final int AFTER = 4;
  private static final int PUSHES = 8;
  private static final double PRICE = 0.1;

  @Parameters(paramLabel = "RUN", description = "A run's name, or a file or folder with its log.")
  private String run;

  @Option(names = "--run", paramLabel = "NAME", description = "Which run, if the file holds several.")
  private String name;

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "An alias, a version folder or an .onnx file. Default: the version that a decision log names, if it is there; else champion.")
  private String model;

  @Option(
      names = "--price",
      paramLabel = "P",
      description = "What a full run's compute is worth, in units of what the task has to gain. Default: the decision log's; else " + PRICE + ".")
  private Double price;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Option(names = "--all", description = "Show every point, not only those around the stop, and every feature.")
  private boolean all;

  @Mixin private HistoryOptions history;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (price != null && (!(price > 0) || Double.isInfinite(price))) {
      throw new WrongUsageException("--price must be positive, such as 0.1, but was " + price);
    }
    PrintWriter err = spec.commandLine().getErr();
    History known = history.read(err);
    NamedRun named = NamedRun.find(run, Optional.ofNullable(name), known, err);
    double at = price != null ? price : named.decided().map(DecidedRun::price).filter(p -> p > 0).orElse(PRICE);
    ModelFile file = file(named, err);
    Explanation explanation =
        named.decided().isPresent()
            ? Explanation.of(named.decided().get(), file, at, known.runs())
            : Explanation.of(named.run(), file, at, known.runs());
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      JsonOption.print(out, asMap(explanation, file));
    } else {
      print(out, explanation, file, known.sha256().equals(file.metadata().get(ModelFile.HISTORY_SHA256)));
    }
    return Stopcast.OK;
  }

  /** The model that is asked: the one that decided, as far as it can be found. */
  private ModelFile file(NamedRun named, PrintWriter err) throws IOException, ModelRejectedException {
    if (model != null || named.decided().isEmpty()) {
      return ModelRegistry.find(model == null ? ModelRegistry.CHAMPION : model, models);
    }
    DecidedRun decided = named.decided().get();
    Optional<ModelFile> found = Optional.empty();
    try {
      found = Optional.of(ModelRegistry.find(decided.model(), models)).filter(m -> m.sha256().equals(decided.sha256()));
    } catch (IOException e) {
      // Not in this registry: the champion is asked below.
    }
    if (found.isEmpty()) {
      err.printf(
          "the log's model %s, sha256 %.12s, is not in %s: asking the champion instead; name the right one with --model%n",
          Printable.of(decided.model()), Printable.of(decided.sha256()), models);
    }
    return found.isPresent() ? found.get() : ModelRegistry.find(ModelRegistry.CHAMPION, models);
  }

  private void print(PrintWriter out, Explanation explained, ModelFile file, boolean learned) {
    Run of = explained.run();
    RunContext context = of.context();
    String metric = Printable.of(context.objective().metric());
    line(out, "run %s of %s / %s: %d points of %s (%s), %s, ended %s", Printable.of(context.run()), Printable.of(context.source()),
        Printable.of(context.task()), explained.moments().size(), metric, context.objective().gain(1.0) > 0 ? "max" : "min",
        planned(context), of.end().word());
    line(out, "%s", stoppedWhere(explained));
    if (!explained.reason().isEmpty()) {
      line(out, "reason: %s", Printable.of(explained.reason()));
    }
    line(out, "%s", known(explained));
    if (learned) {
      line(out, "The model has learned from this very history: what it says of a new run is less sure.");
    }
    line(out, "");
    line(out, "In hindsight");
    line(out, "%s", hindsight(explained));
    endings(out, explained);
    line(out, "");
    moments(out, explained, metric);
    line(out, "");
    pushes(out, explained);
    line(out, "");
    line(out, "What would have changed it");
    endings(out, explained.remedies());
    advice(explained, file).forEach(advice -> line(out, "- %s", advice));
  }

  private static String planned(RunContext context) {
    return context.horizon().points() > 0
        ? "planned " + context.horizon().points()
        : context.horizon().isKnown() ? "planned by cost" : "planned length unknown";
  }

  private static String stoppedWhere(Explanation explained) {
    if (explained.stop().isEmpty()) {
      return explained.explained() < 0
          ? "At price %s it is never stopped: it was never judged, for it is too short, or its value never moved."
              .formatted(explained.price())
          : String.format(
              Locale.ROOT, "At price %s it is never stopped. It came closest at step %d: score %.3f, and %.3f stops it.",
              explained.price(), explained.moments().get(explained.explained()).step(),
              explained.moments().get(explained.explained()).score(), explained.threshold());
    }
    Ending end = explained.model();
    long planned = explained.run().context().horizon().points();
    String left =
        explained.verdict() != Explanation.Verdict.UNKNOWN
            ? String.format(Locale.ROOT, "%.1f %% of its compute was left", 100 * end.saved())
            : planned > end.point()
                ? String.format(Locale.ROOT, "%.1f %% of the planned points were left", 100 * (1 - (double) end.point() / planned))
                : "nobody knows what was left";
    return "At price %s it is stopped at step %d, point %d of %d; %s."
        .formatted(explained.price(), end.step(), end.point(), explained.moments().size(), left);
  }

  private static String known(Explanation explained) {
    return explained.isOfUnknownTask()
        ? "The model knows %d earlier runs of this task, too few to compare with: it is judged as one of an unknown task.".formatted(explained.earlierRuns())
        : "The model compares it with %d earlier runs of this task.".formatted(explained.earlierRuns());
  }

  private static String hindsight(Explanation explained) {
    Ending stop = explained.model();
    Ending never = explained.never();
    return switch (explained.verdict()) {
      case UNKNOWN -> "The run did not end by itself, so nobody knows what would have come; only what was saved can be told, of what was recorded.";
      case TOO_EARLY -> String.format(
          Locale.ROOT, "Too early: it gave up %.3f of what the task has to gain (best %s, later %s), and going on to step %d would have cost less.%s",
          stop.regret(), shown(stop.best()), shown(never.best()), explained.bestLater().step(),
          explained.oracle().orElseThrow().point() < stop.point() ? " Least of all would have cost a stop before." : "");
      case TOO_LATE -> String.format(
          Locale.ROOT, "Later than it had to be: at step %d it would have cost less. %s",
          explained.oracle().orElseThrow().step(), stop.stopped() ? lost(stop, never) : "");
      case RIGHT -> "Right at this price: no later point would have cost less. " + (stop.stopped() ? lost(stop, never) : "");
    };
  }

  private static String lost(Ending stop, Ending never) {
    return stop.regret() == 0
        ? "Nothing was lost: the best value had come."
        : String.format(
            Locale.ROOT, "It gave up %.3f of what the task has to gain (best %s, later %s).", stop.regret(), shown(stop.best()), shown(never.best()));
  }

  private static void endings(PrintWriter out, Explanation explained) {
    List<Ending> endings = new ArrayList<>(List.of(explained.model()));
    endings.add(explained.patience());
    explained.oracle().ifPresent(endings::add);
    endings.add(explained.never());
    endings(out, endings);
    String of = explained.sameTask() ? "of the task" : "of all tasks";
    line(out, "(the rule of patience is the best one on %d other runs %s)", explained.patienceRuns(), of);
  }

  private static void endings(PrintWriter out, List<Ending> endings) {
    int widest = endings.stream().mapToInt(ending -> ending.what().length()).max().orElse(0);
    String form = "  %-" + widest + "s  %8s  %10s  %6s  %7s  %7s";
    line(out, form, "", "step", "best", "saved", "regret", "loss");
    for (Ending ending : endings) {
      line(out, form, ending.what(), ending.stopped() ? ending.step() : "end", shown(ending.best()),
          String.format(Locale.ROOT, "%.1f %%", 100 * ending.saved()), digits(ending.regret()), digits(ending.loss()));
    }
  }

  private void moments(PrintWriter out, Explanation explained, String metric) {
    boolean isLogged = explained.moments().stream().anyMatch(moment -> !Double.isNaN(moment.logged()));
    List<Moment> shown = all ? explained.moments() : explained.around(BEFORE, AFTER);
    String which = all ? "all points" : explained.stop().isPresent() ? "around the stop" : "where it came closest";
    line(out, "Step by step, %s (threshold %.3f)", which, explained.threshold());
    line(out, "  %8s  %11s  %11s  %7s  %6s%s  %6s  %11s  %6s", "step", metric, "best", "of cost", "score", isLogged ? "  logged" : "", "P", "gain", "points");
    for (Moment moment : shown) {
      boolean here = explained.stop().isPresent() && moment.point() == explained.stop().getAsInt() + 1;
      line(out, "  %8d  %11s  %11s  %6.1f%%  %6s%s  %6s  %11s  %6s  %s", moment.step(), shown(moment.value()), shown(moment.best()), 100 * moment.share(),
          digits(moment.score()), isLogged ? "  %6s".formatted(digits(moment.logged())) : "", digits(moment.probability()), shown(moment.gain()),
          Double.isNaN(moment.pointsToGain()) ? "-" : String.format(Locale.ROOT, "%.0f", moment.pointsToGain()),
          here ? "STOP" : moment.stop() ? "stop" : "");
    }
    line(out, "  P: that stopping is right; gain: still expected of the best value, after so many points nothing worthwhile is left to come");
    if (!explained.isReproduced()) {
      line(out, "  The log has the objective alone: the scores that decided saw more, and are those under 'logged'.");
    }
  }

  private void pushes(PrintWriter out, Explanation explained) {
    if (explained.pushes().isEmpty()) {
      line(out, "Which features pushed it cannot be told%s",
          explained.isReproduced() ? "" : ": the log has not all that the model saw; record the run ('Record your runs' in docs/java.md), and it can");
      return;
    }
    line(out, "What pushed the score at step %d (log odds)", explained.moments().get(explained.explained()).step());
    for (Push push : explained.pushes().subList(0, Math.min(all ? Integer.MAX_VALUE : PUSHES, explained.pushes().size()))) {
      line(out, "  %-26s %11s  %6.3f towards %s", push.feature(), shown(push.value()), Math.abs(push.logOdds()), push.logOdds() > 0 ? "stopping" : "going on");
    }
  }

  private static List<String> advice(Explanation explained, ModelFile file) {
    List<String> advice = new ArrayList<>();
    if (!Explanation.isTuned(file, explained.price())) {
      advice.add(
          "The model's thresholds were tuned for prices from %s to %s; beyond them the nearest one counts."
              .formatted(file.thresholds().byPrice().firstKey(), file.thresholds().byPrice().lastKey()));
    }
    if (explained.verdict() == Explanation.Verdict.TOO_EARLY) {
      advice.add(
          "A lower price stops later: it says that compute is worth less. One run is no reason to change it;"
              + " './stopcast evaluate' judges all of yours.");
    }
    if (explained.isOfUnknownTask()) {
      advice.add("Earlier runs of the task help most: './stopcast models refresh --history ...' gives them to the model, without training.");
    }
    if (!explained.run().context().horizon().isKnown()) {
      advice.add("Tell it how long the run is planned to be (planned, or Horizon.ofPoints): it was judged without.");
    }
    if (explained.run().steps().stream().allMatch(step -> step.names().size() <= 1)) {
      advice.add("The run reports the objective alone; a training loss beside it (train_loss) tells overfitting from noise.");
    }
    advice.add("If your runs leap late, hold stops back: notBefore, notBeforeShare, unlessBelow (docs/faq.md).");
    return advice;
  }

  private Map<String, Object> asMap(Explanation explained, ModelFile file) {
    RunContext context = explained.run().context();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", context.source());
    map.put("task", context.task());
    map.put("run", context.run());
    map.put("objective", context.objective().metric());
    map.put("end", explained.run().end().word());
    map.put("points", explained.moments().size());
    map.put("model_sha256", file.sha256());
    map.put("price", explained.price());
    map.put("threshold", explained.threshold());
    map.put("earlier_runs", explained.earlierRuns());
    map.put("stopped", explained.stop().isPresent());
    map.put("reason", explained.reason());
    map.put("verdict", explained.verdict().name().toLowerCase(Locale.ROOT));
    map.put("scale", explained.scale());
    map.put("scores_reproduced", explained.isReproduced());
    map.put("model", asMap(explained.model()));
    map.put("patience", asMap(explained.patience()));
    map.put("patience_tuned_on_runs", explained.patienceRuns());
    map.put("patience_tuned_on_task", explained.sameTask());
    map.put("oracle", explained.oracle().map(ExplainCommand::asMap).orElse(null));
    map.put("never", asMap(explained.never()));
    map.put("explained_step", explained.explained() < 0 ? null : explained.moments().get(explained.explained()).step());
    map.put("pushes", explained.pushes().stream().map(ExplainCommand::asMap).toList());
    map.put("remedies", explained.remedies().stream().map(ExplainCommand::asMap).toList());
    map.put("advice", advice(explained, file));
    map.put("moments", explained.moments().stream().map(ExplainCommand::asMap).toList());
    return map;
  }

  private static Map<String, Object> asMap(Push push) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("feature", push.feature());
    map.put("value", push.value());
    map.put("log_odds", push.logOdds());
    return map;
  }

  private static Map<String, Object> asMap(Moment moment) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("point", moment.point());
    map.put("step", moment.step());
    map.put("value", moment.value());
    map.put("best", moment.best());
    map.put("share", moment.share());
    map.put("score", moment.score());
    map.put("logged", moment.logged());
    map.put("probability", moment.probability());
    map.put("gain", moment.gain());
    map.put("points_to_gain", moment.pointsToGain());
    map.put("stop", moment.stop());
    return map;
  }

  private static Map<String, Object> asMap(Ending ending) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", ending.what());
    map.put("stopped", ending.stopped());
    map.put("step", ending.step());
    map.put("point", ending.point());
    map.put("best", ending.best());
    map.put("saved", ending.saved());
    map.put("regret", ending.regret());
    map.put("loss", ending.loss());
    return map;
  }

  private static String digits(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String shown(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.5g", value);
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
