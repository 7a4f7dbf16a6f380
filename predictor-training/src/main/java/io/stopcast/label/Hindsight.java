package io.stopcast.label;

import io.stopcast.history.Curve;

/**
 * What stopping at each point of a finished run would have cost, known only afterwards.
 *
 * <p>The loss of stopping at point t is L(t) = regret(t) + price * share(t), as in the protocol. Stopping at t is right
 * when no later point has a smaller loss. What a wrong answer costs there is the advantage |min over u > t of L(u) -
 * L(t)|: going on where stopping was right wastes it, stopping where going on was right forgoes it.
 *
 * @param regret what is lost for good at each point, in units of the task's scale, within 0..1
 * @param share the share of the recorded cost that is spent at each point, within 0..1
 */
public record Hindsight(double[] regret, double[] share) {

  /**
   * @param scale the task's scale; where it is 0 nothing can be lost and every regret is 0
   */
  public static Hindsight of(Curve curve, double scale) {
    return of(curve, scale, 1);
  }

  /**
   * Of a run of which only the first points are shown: losses are then right but for a constant, which is what the unknown rest would have
   * gained, and as far as regrets are not cut off at 1.
   *
   * @param shown the share of the run's cost that is shown; above 0, at most 1
   */
  public static Hindsight of(Curve curve, double scale, double shown) {
    int n = curve.length();
    double[] regret = new double[n];
    double[] share = new double[n];
    for (int t = 0; t < n; t++) {
      double lost = (curve.finalBest() - curve.best()[t]) / scale;
      // Before the first finite value there is no checkpoint to keep: all is lost.
      regret[t] = Double.isNaN(curve.best()[t]) ? 1 : scale > 0 ? Math.min(1, Math.max(0, lost)) : 0;
      share[t] = curve.share(t) * shown;
    }
    return new Hindsight(regret, share);
  }

  public int length() {
    return regret.length;
  }

  public double loss(int t, double price) {
    return regret[t] + price * share[t];
  }

  /** Returns the point at which stopping costs least, the earliest one of several. */
  public int oracle(double price) {
    int best = 0;
    for (int t = 1; t < length(); t++) {
      if (loss(t, price) < loss(best, price)) {
        best = t;
      }
    }
    return best;
  }

  /**
   * Returns for each point by how much the best later point is worse than stopping now: positive or 0 where stopping is
   * right, negative where going on is. The last point, where there is nothing to decide, has 0.
   */
  public double[] advantage(double price) {
    double[] advantage = new double[length()];
    double bestLater = Double.POSITIVE_INFINITY;
    for (int t = length() - 1; t >= 0; t--) {
      advantage[t] = t == length() - 1 ? 0 : bestLater - loss(t, price);
      bestLater = Math.min(bestLater, loss(t, price));
    }
    return advantage;
  }

  /**
   * Returns what the first points alone tell of {@link #advantage}: where a later one among them is already better by more than it costs, stopping
   * was certainly wrong, and by how much at least (negative); elsewhere 0, since nobody knows what would have come.
   *
   * @param sure how many points; those behind them have 0
   */
  public double[] sureAdvantage(double price, int sure) {
    double[] advantage = new double[length()];
    double bestLater = Double.POSITIVE_INFINITY;
    for (int t = Math.min(sure, length()) - 1; t >= 0; t--) {
      // A regret of 1 is cut off, or of a point before the first value: by how much a later one is better is not known.
      advantage[t] = regret[t] < 1 ? Math.min(0, bestLater - loss(t, price)) : 0;
      bestLater = Math.min(bestLater, loss(t, price));
    }
    return advantage;
  }
}
