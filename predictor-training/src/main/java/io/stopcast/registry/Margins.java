package io.stopcast.registry;

/**
 * By how much a challenger may be worse than the champion. Losses are compared in units of the price, which is what never stopping loses.
 *
 * @param overall the upper end of the 95 % interval of the difference in loss, over all held-out tasks, may be at most this times the price
 * @param family in no family of at least {@value Contest#FEW_TASKS} tasks may the mean difference be more than this times the price
 * @param latency how many times the champion's time a step may take
 */
public record Margins(double overall, double family, double latency) {
  public static final Margins STANDARD = new Margins(0.1, 0.2, 3);

  public Margins {
    if (!(overall >= 0 && family >= 0 && latency >= 1)) {
      throw new IllegalArgumentException(
          "margins are at least 0, and the ratio of latencies at least 1, but were %s, %s and %s".formatted(overall, family, latency));
    }
  }
}
