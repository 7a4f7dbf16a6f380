package io.stopcast.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** From which probability on to stop, for each price; between prices by interpolation in their logarithm. Immutable. */
public final class PriceThresholds {
  private final double[] prices;
  private final double[] thresholds;

  private PriceThresholds(double[] prices, double[] thresholds) {
    this.prices = prices;
    this.thresholds = thresholds;
  }

  /**
   * @param prices positive, in any order, none twice; at least one
   * @param thresholds one for each price, greater than 0 and at most 1
   */
  public static PriceThresholds of(double[] prices, double[] thresholds) {
    if (prices.length == 0 || prices.length != thresholds.length) {
      throw new IllegalArgumentException(
          "there must be a threshold for each of at least one price, but there are %d prices and %d thresholds"
              .formatted(prices.length, thresholds.length));
    }
    int[] order =
        IntStream.range(0, prices.length)
            .boxed()
            .sorted((a, b) -> Double.compare(prices[a], prices[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] p = Arrays.stream(order).mapToDouble(i -> prices[i]).toArray();
    double[] t = Arrays.stream(order).mapToDouble(i -> thresholds[i]).toArray();
    for (int i = 0; i < p.length; i++) {
      if (!(p[i] > 0) || Double.isInfinite(p[i]) || i > 0 && p[i] == p[i - 1]) {
        throw new IllegalArgumentException("prices must be positive and none twice, but are " + Arrays.toString(p));
      }
      if (!(t[i] > 0 && t[i] <= 1)) {
        throw new IllegalArgumentException("thresholds must lie within (0, 1], but are " + Arrays.toString(t));
      }
    }
    return new PriceThresholds(p, t);
  }

  /** Reads what {@link #toString} writes, such as {@code 0.03=0.61;0.1=0.55}. */
  public static PriceThresholds parse(String text) {
    String[] pairs = text.split(";", -1);
    double[] prices = new double[pairs.length];
    double[] thresholds = new double[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      String[] pair = pairs[i].split("=", -1);
      try {
        prices[i] = Double.parseDouble(pair[0]);
        thresholds[i] = Double.parseDouble(pair[pair.length == 2 ? 1 : -1]);
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "thresholds are written as 0.03=0.61;0.1=0.55, but were '%.80s'".formatted(text), e);
      }
    }
    return of(prices, thresholds);
  }

  /** Returns the prices for which a threshold was tuned, ascending. */
  public double[] prices() {
    return prices.clone();
  }

  /** Returns the threshold for any positive price; outside the tuned ones that of the nearest. */
  public double thresholdFor(double price) {
    if (!(price > 0)) {
      throw new IllegalArgumentException("the price must be positive, but was " + price);
    }
    int above = 0;
    while (above < prices.length && prices[above] < price) {
      above++;
    }
    if (above == 0 || above == prices.length || prices[above] == price) {
      return thresholds[Math.min(above, prices.length - 1)];
    }
    double low = Math.log(prices[above - 1]);
    double share = (Math.log(price) - low) / (Math.log(prices[above]) - low);
    return thresholds[above - 1] + share * (thresholds[above] - thresholds[above - 1]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PriceThresholds that
        && Arrays.equals(prices, that.prices)
        && Arrays.equals(thresholds, that.thresholds);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(prices) + Arrays.hashCode(thresholds);
  }

  @Override
  public String toString() {
    return IntStream.range(0, prices.length)
        .mapToObj(i -> String.format(Locale.ROOT, "%s=%s", prices[i], thresholds[i]))
        .collect(Collectors.joining(";"));
  }
}
