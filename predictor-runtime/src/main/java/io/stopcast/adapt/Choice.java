package io.stopcast.adapt;

import io.stopcast.policy.StopPolicy;

/**
 * What a run is given, and how probable each possibility was. The array is not copied: treat it as read-only.
 *
 * @param family the run's
 * @param candidate the position of the policy that it is given; -1 if it is exempt, and nothing stops it
 * @param leader the position of the one that looked best
 * @param chances how probable each candidate was for a run that is not exempt; they sum to 1
 * @param exempt how probable it was to be exempt
 */
public record Choice(String family, int candidate, int leader, double[] chances, double exempt) {
  /** Whether nothing stops this run. */
  public boolean isExempt() {
    return candidate < 0;
  }

  /** How probable it was that the run would be given what it was given. */
  public double propensity() {
    return isExempt() ? exempt : (1 - exempt) * chances[candidate];
  }

  /**
   * How probable it was, in a run with this curve, that it would be shown in full: that it would be exempt, or given what lets it go on.
   *
   * @param stops for each candidate whether it ends the run before its last point
   */
  public double shown(boolean[] stops) {
    double shown = exempt;
    for (int k = 0; k < chances.length; k++) {
      shown += stops[k] ? 0 : (1 - exempt) * chances[k];
    }
    return Math.min(1, shown);
  }

  /** The policy that the run is watched by. */
  StopPolicy policy(Adaptation adaptation) {
    return isExempt() ? StopPolicy.NEVER : adaptation.candidates().get(candidate).policy();
  }
}
