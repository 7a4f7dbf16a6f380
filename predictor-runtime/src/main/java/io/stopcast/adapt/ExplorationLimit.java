package io.stopcast.adapt;

/**
 * How many runs may be given something else than the policy that looks best.
 *
 * @param others the largest share of runs that are given another candidate, which shrinks as it becomes clear which is best; 0 for none
 * @param exempt the share of runs that are not stopped by any, so that they show what stopping loses; 0 only where what is learned
 *     from has not been stopped by this, as in a history or in the shadow
 */
public record ExplorationLimit(double others, double exempt) {
  public ExplorationLimit {
    if (!(others >= 0 && exempt >= 0 && others + exempt < 1)) {
      throw new IllegalArgumentException(
          "the shares of runs that are given another policy, and of those that are exempt, must be at least 0 and together below 1, but"
              + " were %s and %s".formatted(others, exempt));
    }
  }

  /** No more runs than this share, on the average, are not given the policy that looks best. */
  public double share() {
    return exempt + (1 - exempt) * others;
  }
}
