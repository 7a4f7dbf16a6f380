package io.stopcast.model;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * From which score on stopping pays, for each price of compute.
 *
 * <p>Between two prices the threshold is interpolated linearly in the logarithm of the price; outside it stays at the
 * nearest one. Immutable; O(log n) a look-up.
 *
 * @param byPrice score thresholds within (0, 1] by price, prices positive and finite; at least one. A price is what the
 *     whole cost of a run is worth, in units of its gain
 */
public record PriceThresholds(NavigableMap<Double, Double> byPrice) {
  private static final Pattern NUMBER = Pattern.compile("[0-9.]{1,40}([eE][+-]?[0-9]{1,3})?");

  public PriceThresholds {
    byPrice = Collections.unmodifiableNavigableMap(new TreeMap<>(byPrice));
    if (byPrice.isEmpty()) {
      throw new IllegalArgumentException("price thresholds need at least one price, but have none");
    }
    byPrice.forEach(
        (price, threshold) -> {
          requirePrice(price);
          if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException(
                "the threshold at price %s must be above 0 and at most 1, but was %s".formatted(price, threshold));
          }
        });
  }

  /**
   * Returns the score from which on stopping pays at this price.
   *
   * @param price positive and finite
   */
  public double thresholdFor(double price) {
    requirePrice(price);
    Map.Entry<Double, Double> below = byPrice.floorEntry(price);
    Map.Entry<Double, Double> above = byPrice.ceilingEntry(price);
    if (below == null || above == null) {
      return (below == null ? above : below).getValue();
    }
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double low = below.getValue();
    double high = above.getValue();
    double threshold = low + share(below.getKey(), above.getKey(), price) * (high - low);
    return Math.max(Math.min(low, high), Math.min(Math.max(low, high), threshold)); // rounding may leave the range
  }

  /** How far a price is on the way from one to another, in logarithms: 0 to 1. */
  static double share(double low, double high, double price) {
    double share = (Math.log(price) - Math.log(low)) / (Math.log(high) - Math.log(low));
    return share >= 0 ? Math.min(1, share) : 0; // two neighbouring prices may have the same logarithm: NaN
  }

  /** Reads what {@link #format} writes: {@code price=threshold} pairs, prices ascending, separated by semicolons. */
  public static PriceThresholds parse(String text) {
    TreeMap<Double, Double> byPrice = new TreeMap<>();
    for (String pair : text.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw unreadable(text);
      }
      double price = number(pair.substring(0, equals), text);
      if (!byPrice.isEmpty() && price <= byPrice.lastKey()) {
        throw new IllegalArgumentException(
            "prices must ascend, but %s follows %s".formatted(price, byPrice.lastKey()));
      }
      byPrice.put(price, number(pair.substring(equals + 1), text));
    }
    return new PriceThresholds(byPrice);
  }

  /** Writes the pairs as text, such as {@code 0.03=0.61;0.1=0.55}, from which {@link #parse} gives an equal value. */
  public String format() {
    StringJoiner text = new StringJoiner(";");
    byPrice.forEach((price, threshold) -> text.add(price + "=" + threshold));
    return text.toString();
  }

  private static double number(String digits, String text) {
    if (!NUMBER.matcher(digits).matches()) {
      throw unreadable(text);
    }
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw unreadable(text);
    }
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "price thresholds look like 0.03=0.61;0.1=0.55, but were " + ModelRejectedException.quote(text));
  }

  static void requirePrice(double price) {
    if (!(price > 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException("a price must be positive and finite, but was " + price);
    }
  }
}
