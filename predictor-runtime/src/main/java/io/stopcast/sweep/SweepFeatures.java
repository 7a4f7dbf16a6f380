package io.stopcast.sweep;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Outlook;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Optional;

/**
 * What {@link RankedSweep} tells its trees of a run: what is expected of it alone, and where it stands among the others.
 *
 * <p>Gains and gaps are told as shares g / (|g| + unit) of a unit of the sweep's or the run's own, so that no feature depends on the metric's
 * scale, direction or zero. NaN is unknown.
 */
final class SweepFeatures {
  static final FeatureSchema SCHEMA =
      new FeatureSchema(
          1,
          List.of(
              "score", "probability", "gain_of_spread", "gain_median_of_spread", "gain_high_of_spread", "ahead", // the run alone
              "done", "points", "since_best",
              "rank", "gap_of_spread", "gap_of_rise", "gap_of_incumbents_rise", "gap_of_gain", "gap_of_gain_high", // beside the bests so far
              "rank_here", "rank_halfway", "gap_here", "gap_to_mean_here", "compared_here", // at the same progress
              "runs", "completed", "incumbent_ahead"));

  /** So many runs or points are half of many. */
  private static final double SOME_RUNS = 8;

  private static final double SOME_POINTS = 20;

  private SweepFeatures() {}

  /** What a sweep remembers of a run; only ever used by the thread that holds the sweep. */
  static final class Member {
    private final Trajectory bests = new Trajectory();
    private double first = Double.NaN;
    private double best = Double.NEGATIVE_INFINITY;
    private double done = Double.NaN;
    private double at;
    private long points;
    private long pointsAtBest;
    private boolean completed;

    /** Takes in a point. */
    void observe(RunContext run, Step step, double gain) {
      points++;
      done = run.horizon().progress(points, step.cost());
      at = Double.isNaN(done) ? points : done;
      if (!Double.isFinite(gain)) {
        return;
      }
      first = Double.isNaN(first) ? gain : first;
      if (gain > best) {
        best = gain;
        pointsAtBest = points;
      }
      if (at > bests.lastAt() && at < Double.POSITIVE_INFINITY) {
        bests.add(at, best);
      }
    }

    void complete() {
      completed = true;
    }

    boolean hasValue() {
      return best > Double.NEGATIVE_INFINITY;
    }

    double best() {
      return best;
    }

    long points() {
      return points;
    }

    double done() {
      return done;
    }

    /** The best value up to a progress; NaN if the run has not come so far, unless it ended before. */
    private double bestAt(double progress) {
      return bests.lastAt() >= progress || completed ? bests.upTo(progress) : Double.NaN;
    }
  }

  /** Writes the features of a run that has a value, in O(n) look-ups for n runs. */
  static void write(float[] row, Member own, List<Member> members, double score, Optional<Outlook> outlook) {
    Member incumbent = null; // the best of the others
    double lowest = own.best;
    double bestHere = Double.NEGATIVE_INFINITY;
    double sumHere = 0;
    int known = 0;
    int completed = 0;
    int better = 0;
    int here = 0;
    int betterHere = 0;
    int halfway = 0;
    int betterHalfway = 0;
    double ownHalfway = own.bests.upTo(own.at / 2);
    for (Member other : members) {
      if (other == own || !other.hasValue()) {
        continue;
      }
      known++;
      completed += other.completed ? 1 : 0;
      better += other.best > own.best ? 1 : 0;
      incumbent = incumbent == null || other.best > incumbent.best ? other : incumbent;
      lowest = Math.min(lowest, other.best);
      double value = other.bestAt(own.at);
      if (!Double.isNaN(value)) {
        here++;
        betterHere += value > own.best ? 1 : 0;
        bestHere = Math.max(bestHere, value);
        sumHere += value;
      }
      double before = other.bestAt(own.at / 2);
      if (!Double.isNaN(before) && !Double.isNaN(ownHalfway)) {
        halfway++;
        betterHalfway += before > ownHalfway ? 1 : 0;
      }
    }
    double gap = incumbent == null ? Double.NaN : incumbent.best - own.best;
    double spread = incumbent == null ? Double.NaN : Math.max(incumbent.best, own.best) - lowest;
    double gain = outlook.map(Outlook::gain).orElse(Double.NaN);
    double gainHigh = outlook.map(Outlook::gainHigh).orElse(Double.NaN);
    double toGain = outlook.map(Outlook::pointsToGain).orElse(Double.NaN);
    double[] values = {
      score,
      outlook.map(Outlook::probability).orElse(Double.NaN),
      share(gain, spread),
      share(outlook.map(Outlook::gainMedian).orElse(Double.NaN), spread),
      share(gainHigh, spread),
      share(toGain, own.points),
      own.done,
      share(own.points, SOME_POINTS),
      (double) (own.points - own.pointsAtBest) / own.points,
      (double) better / known,
      share(gap, spread),
      share(gap, own.best - own.first),
      incumbent == null ? Double.NaN : share(gap, incumbent.best - incumbent.first),
      share(gap, gain),
      share(gap, gainHigh),
      (double) betterHere / here,
      (double) betterHalfway / halfway,
      here == 0 ? Double.NaN : share(bestHere - own.best, spread),
      share(sumHere / here - own.best, spread),
      share(here, SOME_RUNS),
      share(known, SOME_RUNS),
      (double) completed / known,
      incumbent == null ? Double.NaN : incumbent.at / (incumbent.at + own.at)
    };
    for (int i = 0; i < values.length; i++) {
      row[i] = (float) values[i];
    }
  }

  /** A number beside a unit that is not negative, within -1..1; NaN if both are 0. */
  private static double share(double number, double unit) {
    return number / (Math.abs(number) + unit);
  }
}
