package io.stopcast.datasets;

import io.stopcast.history.Curve;
import io.stopcast.policy.Patience;
import io.stopcast.replay.Replay;
import io.stopcast.run.Run;
import java.util.List;

/**
 * How hard runs are to stop: what the usual rule, patience of five points, does to them.
 *
 * @param missed share of the runs in which it misses more than a hundredth of the run's range
 * @param used mean share of the points that it lets pass
 * @param oracle mean share of the points up to the best one
 */
record Hardness(double missed, double used, double oracle) {
  private static final Patience RULE = new Patience(5);

  /** Over all these runs but those without a finite value of their objective; NaN if there is no other. */
  static Hardness of(List<Run> runs) {
    int count = 0;
    int missed = 0;
    double used = 0;
    double oracle = 0;
    for (Run run : runs) {
      Curve curve = Curve.of(run);
      if (Double.isNaN(curve.finalBest())) {
        continue;
      }
      double lowest =
          run.steps().stream().mapToDouble(run.context().objective()::gain).reduce(curve.first(), Hardness::lower);
      int stop = Replay.of(RULE, run).point();
      double reached = Double.isNaN(curve.best()[stop]) ? lowest : curve.best()[stop];
      missed += curve.finalBest() - reached > (curve.finalBest() - lowest) / 100 ? 1 : 0;
      used += (stop + 1.0) / curve.length();
      oracle += (firstBest(curve) + 1.0) / curve.length();
      count++;
    }
    return new Hardness((double) missed / count, used / count, oracle / count);
  }

  private static double lower(double lowest, double gain) {
    return gain < lowest ? gain : lowest; // NaN is not lower
  }

  private static int firstBest(Curve curve) {
    int t = 0;
    while (curve.best()[t] != curve.finalBest()) {
      t++;
    }
    return t;
  }
}
