package io.stopcast.label;

/**
 * What a run's record does not show, because a policy may have stopped the run, and for how much stands what it does show.
 *
 * <p>Some of what is to be learned of a run follows from its first points alone, and was sure to be seen whatever was drawn; the rest was seen
 * only if the run went on. So whatever a quantity's sure part is, <i>sure + (full - sure) / propensity</i>, averaged over the draws, is the
 * full quantity, of which a stopped run contributes the sure part and nothing else. Runs that nobody would have stopped count as they are.
 *
 * <p>Source: J. Robins, A. Rotnitzky, L. Zhao, "Estimation of Regression Coefficients When Some Regressors Are Not Always Observed", 1994
 * (inverse probability weights, augmented by what is known anyway).
 *
 * @param sure how many points, from the start, were sure to be shown
 * @param weight for how many runs of its kind what lies behind them stands: 1 / propensity, clipped; 0 for a stopped run
 * @param shown the share of the run that is shown, as far as its plan tells; above 0, at most 1
 */
public record Censoring(int sure, double weight, double shown) {
  /** Of a run that ended by itself, and that nobody would have stopped. */
  public static final Censoring NONE = new Censoring(Integer.MAX_VALUE, 1, 1);

  public Censoring {
    if (sure < 0 || !(weight == 0 || weight >= 1 && weight < Double.POSITIVE_INFINITY) || !(shown > 0 && shown <= 1)) {
      throw new IllegalArgumentException(
          "a run must have shown 0 points or more for sure, stand for 0 or for a finite number of runs from 1 on, and show a share of itself above 0"
              + " and at most 1, but these are %d, %s and %s".formatted(sure, weight, shown));
    }
  }

  /** Of a run that was stopped, or ended otherwise before its time. */
  public static Censoring stopped(int points, double shown) {
    return new Censoring(points, 0, shown);
  }

  /**
   * Of a run that was wanted to stop, and went on because it was exempt.
   *
   * @param wantedAt the point, from 0, at which it would have been stopped, and which it shows in any case; -1 if that was before the first
   * @param propensity how probable it was that it would go on, above 0 and below 1
   * @param clip for how many runs it may stand at most, at least 1: trades variance for bias
   */
  public static Censoring exempt(int wantedAt, double propensity, double clip) {
    if (!(propensity > 0 && propensity < 1) || !(clip >= 1)) {
      throw new IllegalArgumentException(
          "an exempt run must have gone on with a probability above 0 and below 1 and may stand for at least 1 run, but these are %s and %s"
              .formatted(propensity, clip));
    }
    return new Censoring(wantedAt + 1, Math.min(clip, 1 / propensity), 1);
  }

  /** Whether the run's end is not shown. */
  public boolean isStopped() {
    return weight == 0;
  }

  /**
   * What the run contributes to a sum over all runs.
   *
   * @param sure what follows from the points that were sure to be shown; 0 where nothing does
   * @param full what follows from all points; of a stopped run without meaning
   */
  public double counted(double sure, double full) {
    return weight == 1 ? full : weight == 0 ? sure : sure + weight * (full - sure);
  }
}
