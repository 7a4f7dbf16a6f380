package io.stopcast.train;

import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.model.OutlookCurve;
import io.stopcast.model.Outlooks;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.replay.TaskWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What the scores of a model mean, learned from scores out of fold, and how far that can be relied on.
 *
 * <p>The curves of the model file are fitted on all runs; what is said of their reliability on curves that were fitted
 * without the tasks that they are checked on.
 */
record ScoreMeaning(Outlooks outlooks, Reliability reliability, ProbabilityCheck check) {
  /** A gain over less than this share of the task's scale is not worth waiting for. */
  private static final double WORTHWHILE = .01;

  /** The points of one run say nearly the same. */
  private static final int ENOUGH_POINTS = 50;

  /** Of two lessons, the first of which has scores. */
  static ScoreMeaning of(Lesson alone, Optional<Lesson> known, double[] prices, Recipe recipe) {
    TaskScales scales = TaskScales.of(alone.own().stream().map(ScoredRun::run).toList());
    List<Reliability.Row> reliability = new ArrayList<>();
    List<Reliability.Row> diagram = new ArrayList<>();
    List<ProbabilityCheck.Row> families = new ArrayList<>();
    Check check =
        (kind, price, folds, fitting, familyOf) -> {
          Reliability.Tally high = new Reliability.Tally(Reliability.BINS);
          Reliability.Tally tenths = new Reliability.Tally(ProbabilityCheck.TENTHS);
          ProbabilityCheck.Tally tally = new ProbabilityCheck.Tally(familyOf);
          for (int fold = 0; fold < folds.size(); fold++) {
            Optional<OutlookCurve> fitted = fitting.without(fold);
            for (OutlookFitting.Point point : fitted.isEmpty() ? List.<OutlookFitting.Point>of() : folds.get(fold)) {
              double probability = fitted.get().probability(point.score());
              high.add(probability, point);
              tenths.add(probability, point);
              tally.add(fitted.get(), point);
            }
          }
          reliability.addAll(high.rows(kind, price));
          diagram.addAll(tenths.rows(kind, price));
          families.addAll(tally.rows(kind, price));
        };
    Outlooks outlooks =
        new Outlooks(
            curves("alone", alone, prices, scales, recipe, check),
            known.isEmpty() || known.get().scores().isEmpty()
                ? new TreeMap<>()
                : curves("history", known.get(), prices, scales, recipe, check));
    return new ScoreMeaning(outlooks, new Reliability(reliability), new ProbabilityCheck(diagram, families));
  }

  /** Looks at what is said of held-out points of one kind at one price. */
  private interface Check {
    void of(
        String kind, double price, List<List<OutlookFitting.Point>> folds, OutlookFitting fitting, Map<TaskId, String> familyOf);
  }

  private static NavigableMap<Double, OutlookCurve> curves(
      String kind, Lesson lesson, double[] prices, TaskScales scales, Recipe recipe, Check check) {
    List<ScoredRun> runs = lesson.own().stream().filter(run -> !run.isStopped()).toList();
    Map<ScoredRun, float[][]> scores = lesson.scores().orElseThrow();
    NavigableMap<Double, OutlookCurve> curves = new TreeMap<>();
    int[] foldOf = Split.UNSEEN_TASK.assign(runs, recipe.thresholdFolds(), recipe.seed());
    double[] weights = TaskWeights.of(runs, IntStream.range(0, runs.size()).toArray());
    double[] units = runs.stream().mapToDouble(lesson.scales()).toArray(); // once: histories are drawn anew each time
    Map<TaskId, String> families = families(runs);
    for (int p = 0; p < prices.length; p++) {
      List<List<OutlookFitting.Point>> folds = new ArrayList<>();
      IntStream.range(0, recipe.thresholdFolds()).forEach(fold -> folds.add(new ArrayList<>()));
      for (int r = 0; r < runs.size(); r++) {
        ScoredRun run = runs.get(r);
        double scale = scales.of(run.task());
        addPoints(run, scale, units[r], scores.get(run)[p], prices[p], weights[r] * run.censoring().weight(), recipe, folds.get(foldOf[r]));
      }
      if (folds.stream().anyMatch(fold -> !fold.isEmpty())) {
        OutlookFitting fitting = new OutlookFitting(folds);
        curves.put(prices[p], fitting.all());
        check.of(kind, prices[p], folds, fitting, families);
      }
    }
    return curves;
  }

  /** Adds points of a run at which the model is asked, evenly spread, without the last. */
  private static void addPoints(
      ScoredRun run,
      double scale,
      double unitOfHistory,
      float[] score,
      double price,
      double weight,
      Recipe recipe,
      List<OutlookFitting.Point> to) {
    Curve curve = run.curve();
    double[] advantage = Hindsight.of(curve, scale).advantage(price);
    int points = run.length() - 1;
    int worthwhile = points;
    while (worthwhile > 0 && curve.best()[worthwhile - 1] >= curve.finalBest() - WORTHWHILE * scale) {
      worthwhile--;
    }
    int asked = recipe.askedEvery(run.length());
    int taken = 1 + points / asked / ENOUGH_POINTS; // of the points at which it is asked
    int every = taken * asked;
    for (int t = taken / 2 * asked + asked / 2; t < points; t += every) {
      if (Float.isNaN(score[t])) {
        continue; // not asked
      }
      double unit = Double.isNaN(unitOfHistory) ? curve.best()[t] - curve.first() : unitOfHistory;
      double gain = curve.finalBest() - curve.best()[t];
      double further = Math.max(0, worthwhile - t);
      to.add(
          new OutlookFitting.Point(
              score[t],
              weight * every / points,
              run.task(),
              advantage[t] >= 0,
              unit > 0 ? gain / (unit + gain) : Double.NaN,
              further / (t + 1 + further)));
    }
  }

  /** The family of each task: that of its first run. */
  private static Map<TaskId, String> families(List<ScoredRun> runs) {
    Map<TaskId, String> families = new HashMap<>();
    for (ScoredRun run : runs) {
      families.putIfAbsent(run.task(), run.run().context().family());
    }
    return families;
  }
}
