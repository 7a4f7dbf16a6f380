package io.stopcast.cli;

import io.stopcast.history.Curve;
import io.stopcast.history.ExploredRun;
import io.stopcast.history.ShadowLogs;
import io.stopcast.history.ShadowRun;
import io.stopcast.history.TaskId;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.run.Run;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What shadow runs would have saved and lost, by run, by task and in all. */
final class ShadowScores {
  /**
   * One run's score.
   *
   * @param saved share of the run's cost that was left
   * @param lost of the best value, in the metric's unit
   * @param regret the same in units of the task's scale, within 0..1
   */
  private record Score(ShadowRun shadow, double saved, double lost, double regret) {
    private boolean losesLaterGain() {
      return !(lost <= 0); // with nothing finite before the stop all is lost
    }
  }

  private final ShadowLogs logs;
  private final List<Score> scores = new ArrayList<>();
  private final Map<TaskId, List<Score>> byTask = new TreeMap<>();
  private final ShadowPromises promises;

  /**
   * @param earlier other runs of the tasks, which help to tell their scale; may be none
   * @param asked what is to be tested on all runs; if nothing, each run tests what it was to keep itself, if anything
   * @param falseAlarm how probable it may be that a promise that holds is called broken
   */
  ShadowScores(ShadowLogs logs, List<Run> earlier, Optional<ShadowRun.Kept> asked, double falseAlarm) {
    this.logs = logs;
    promises = new ShadowPromises(falseAlarm);
    Stream<Run> shown = logs.explored().stream().filter(ExploredRun::shown).map(ExploredRun::run);
    TaskScales scales =
        TaskScales.of(Stream.of(earlier.stream(), logs.runs().stream().map(ShadowRun::run), shown).flatMap(runs -> runs).toList());
    for (ShadowRun shadow : logs.runs()) {
      Curve curve = Curve.of(shadow.run());
      TaskId task = TaskId.of(shadow.run());
      Hindsight hindsight = Hindsight.of(curve, scales.of(task));
      int stop = shadow.stop();
      Score score =
          new Score(
              shadow, 1 - hindsight.share()[stop], curve.finalBest() - curve.best()[stop], hindsight.regret()[stop]);
      scores.add(score);
      asked.or(shadow::kept).ifPresent(kept -> promises.take(kept, task, score.regret, score.saved));
      byTask.computeIfAbsent(task, t -> new ArrayList<>()).add(score);
    }
    for (ExploredRun explored : logs.explored()) {
      asked.or(explored::kept).ifPresent(kept -> take(kept, explored, scales));
    }
  }

  private void take(ShadowRun.Kept kept, ExploredRun explored, TaskScales scales) {
    TaskId task = TaskId.of(explored.run());
    if (!explored.shown()) {
      promises.takeStopped(kept, task);
      return;
    }
    Hindsight hindsight = Hindsight.of(Curve.of(explored.run()), scales.of(task));
    int stop = explored.stop();
    promises.take(kept, task, hindsight.regret()[stop], 1 - hindsight.share()[stop], explored.propensity());
  }

  private long exploredRuns(Predicate<ExploredRun> which) {
    return logs.explored().stream().filter(which).count();
  }

  void print(PrintWriter out) {
    out.println("run                                      points  stop at step   saved         lost  regret  model  price");
    for (Score score : scores) {
      Run run = score.shadow.run();
      out.printf(
          Locale.ROOT,
          "%-40s %6d  %12s  %5.1f%%  %11.4g  %6.3f  %5s  %5s%n",
          Printable.of(run.context().run()),
          run.steps().size(),
          score.shadow.isStopped() ? run.steps().get(score.shadow.stop()).index() : "-",
          100 * score.saved,
          score.lost,
          score.regret,
          Printable.of(score.shadow.model()),
          score.shadow.price());
    }
    out.println();
    out.println("task                                       runs       stopped   saved    mean lost  regret  later gain lost");
    byTask.forEach((task, of) -> row(out, task.source() + " " + task.task(), of, mean(of, Score::lost)));
    row(out, "all", scores, Double.NaN);
    out.println();
    promises.print(out);
    if (!logs.explored().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "of policies that stop by chance: %,d runs that nothing wanted to stop, %,d exempt ones that it wanted to, %,d stopped; they test promises, and are"
              + " not in the tables%n",
          exploredRuns(run -> run.shown() && run.propensity() == 1),
          exploredRuns(run -> run.shown() && run.propensity() < 1),
          exploredRuns(run -> !run.shown()));
    }
    out.println(leftOut());
  }

  private static void row(PrintWriter out, String name, List<Score> of, double lost) {
    out.printf(
        Locale.ROOT,
        "%-40s %6d  %12d  %5.1f%%  %11s  %6.3f  %15d%n",
        Printable.of(name),
        of.size(),
        of.stream().filter(score -> score.shadow.isStopped()).count(),
        100 * mean(of, Score::saved),
        Double.isNaN(lost) ? "-" : String.format(Locale.ROOT, "%.4g", lost),
        mean(of, Score::regret),
        of.stream().filter(Score::losesLaterGain).count());
  }

  private String leftOut() {
    return String.format(
        Locale.ROOT,
        "left out: %,d runs that were acted upon, %,d that did not end by themselves, %,d whose log lacks lines"
            + " or has nothing to score",
        logs.acting(),
        logs.unfinished(),
        logs.incomplete());
  }

  Map<String, Object> json() {
    Map<String, Object> all = summary(scores);
    all.put("explored_unwanted", exploredRuns(run -> run.shown() && run.propensity() == 1));
    all.put("explored_exempt", exploredRuns(run -> run.shown() && run.propensity() < 1));
    all.put("explored_stopped", exploredRuns(run -> !run.shown()));
    all.put("acting", logs.acting());
    all.put("unfinished", logs.unfinished());
    all.put("incomplete", logs.incomplete());
    all.put("unreadable_lines", logs.unreadable().size());
    List<Map<String, Object>> tasks = new ArrayList<>();
    byTask.forEach(
        (task, of) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("source", task.source());
          row.put("task", task.task());
          row.putAll(summary(of));
          row.put("lost", mean(of, Score::lost));
          tasks.add(row);
        });
    all.put("promises", promises.json());
    all.put("by_task", tasks);
    all.put("by_run", scores.stream().map(ShadowScores::json).toList());
    return all;
  }

  private static Map<String, Object> summary(List<Score> of) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("runs", of.size());
    row.put("stopped", of.stream().filter(score -> score.shadow.isStopped()).count());
    row.put("saved", mean(of, Score::saved));
    row.put("regret", mean(of, Score::regret));
    row.put("later_gain_lost", of.stream().filter(Score::losesLaterGain).count());
    return row;
  }

  private static Map<String, Object> json(Score score) {
    Run run = score.shadow.run();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("source", run.context().source());
    row.put("task", run.context().task());
    row.put("run", run.context().run());
    row.put("model", score.shadow.model());
    row.put("price", score.shadow.price());
    row.put("points", run.steps().size());
    row.put("stopped", score.shadow.isStopped());
    row.put("stop_step", run.steps().get(score.shadow.stop()).index());
    row.put("stop_index", score.shadow.stop() + 1);
    row.put("saved", score.saved);
    row.put("lost", score.lost);
    row.put("regret", score.regret);
    row.put("later_gain_lost", score.losesLaterGain());
    return row;
  }

  private static double mean(List<Score> of, ToDoubleFunction<Score> value) {
    return of.stream().mapToDouble(value).average().orElse(Double.NaN);
  }
}
