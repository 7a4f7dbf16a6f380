package io.stopcast.model;

import static io.stopcast.model.ModelRejectedException.quote;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the scores of a model meant on runs that it had not seen, by price: for runs of tasks with a history and for those
 * without. Between two prices it is interpolated as {@link PriceThresholds} are. Immutable; safe for all threads.
 *
 * <p>As text: the version; then, a curve each, its kind and price, and its knots, one a line, as the columns of {@link
 * OutlookCurve}. About 5 kB for three prices.
 *
 * @param alone by price, for runs of tasks with next to no history; empty if nothing is known
 * @param history the same for runs of tasks with one; where it is empty, {@code alone} serves
 */
public record Outlooks(NavigableMap<Double, OutlookCurve> alone, NavigableMap<Double, OutlookCurve> history) {
  /** Nothing is known. */
  public static final Outlooks NONE = new Outlooks(new TreeMap<>(), new TreeMap<>());

  private static final String VERSION = "1";
  private static final String ALONE = "alone";
  private static final String HISTORY = "history";
  private static final int COLUMNS = 6;
  private static final int MOST_LINES = 1 << 12;
  private static final Pattern NUMBER = Pattern.compile("[0-9.]{1,30}(E-?[0-9]{1,3})?");

  public Outlooks {
    alone = Collections.unmodifiableNavigableMap(new TreeMap<>(alone));
    history = Collections.unmodifiableNavigableMap(new TreeMap<>(history));
    alone.keySet().forEach(PriceThresholds::requirePrice);
    history.keySet().forEach(PriceThresholds::requirePrice);
  }

  /**
   * Returns what scores mean at a price, if anything is known.
   *
   * @param withHistory whether the run's task has a history
   */
  public Optional<OutlookCurve> at(double price, boolean withHistory) {
    PriceThresholds.requirePrice(price);
    NavigableMap<Double, OutlookCurve> byPrice = withHistory && !history.isEmpty() ? history : alone;
    Map.Entry<Double, OutlookCurve> below = byPrice.floorEntry(price);
    Map.Entry<Double, OutlookCurve> above = byPrice.ceilingEntry(price);
    if (below == null || above == null || below.getKey().equals(above.getKey())) {
      return Optional.ofNullable(below == null ? above : below).map(Map.Entry::getValue);
    }
    double share = PriceThresholds.share(below.getKey(), above.getKey(), price);
    return Optional.of(below.getValue().towards(above.getValue(), share));
  }

  /** Writes all as text, from which {@link #parse} gives the same. */
  public String format() {
    StringBuilder text = new StringBuilder(VERSION).append('\n');
    alone.forEach((price, curve) -> append(text, ALONE, price, curve));
    history.forEach((price, curve) -> append(text, HISTORY, price, curve));
    return text.toString();
  }

  private static void append(StringBuilder text, String kind, double price, OutlookCurve curve) {
    text.append(kind).append(' ').append(price).append('\n');
    for (int i = 0; i < curve.score().length; i++) {
      String separator = "";
      for (double[] column : columns(curve)) {
        text.append(separator).append(column[i]);
        separator = " ";
      }
      text.append('\n');
    }
  }

  private static double[][] columns(OutlookCurve curve) {
    return new double[][] {
      curve.score(), curve.probability(), curve.gain(), curve.gainMedian(), curve.gainHigh(), curve.points()
    };
  }

  /** Reads what {@link #format} writes, and nothing else. */
  static Outlooks parse(String text) {
    String[] lines = text.split("\n", MOST_LINES);
    if (!lines[0].equals(VERSION) || lines.length == MOST_LINES) {
      throw new IllegalArgumentException(
          "outlooks should be of version %s and below %d lines, but begin with %s"
              .formatted(VERSION, MOST_LINES, quote(lines[0])));
    }
    NavigableMap<Double, OutlookCurve> alone = new TreeMap<>();
    NavigableMap<Double, OutlookCurve> history = new TreeMap<>();
    int at = 1;
    while (at < lines.length && !lines[at].isEmpty()) {
      String[] head = lines[at++].split(" ", 3);
      if (head.length != 2 || !(head[0].equals(ALONE) || head[0].equals(HISTORY))) {
        throw new IllegalArgumentException("a curve begins with its kind and price, but found " + quote(lines[at - 1]));
      }
      int end = at;
      while (end < lines.length && !lines[end].isEmpty() && !Character.isLetter(lines[end].charAt(0))) {
        end++;
      }
      NavigableMap<Double, OutlookCurve> byPrice = head[0].equals(ALONE) ? alone : history;
      if (byPrice.put(number(head[1]), curve(lines, at, end)) != null) {
        throw new IllegalArgumentException("%s at price %s is there twice".formatted(head[0], quote(head[1])));
      }
      at = end;
    }
    if (at != lines.length - 1) {
      throw new IllegalArgumentException("outlooks end with a line break, and nothing follows it");
    }
    return new Outlooks(alone, history);
  }

  private static OutlookCurve curve(String[] lines, int from, int to) {
    double[][] columns = new double[COLUMNS][to - from];
    for (int i = from; i < to; i++) {
      String[] numbers = lines[i].split(" ", COLUMNS + 1);
      if (numbers.length != COLUMNS) {
        throw new IllegalArgumentException("a knot has %d numbers, but found %s".formatted(COLUMNS, quote(lines[i])));
      }
      for (int c = 0; c < COLUMNS; c++) {
        columns[c][i - from] = number(numbers[c]);
      }
    }
    return new OutlookCurve(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]);
  }

  private static double number(String digits) {
    if (!NUMBER.matcher(digits).matches()) {
      throw new IllegalArgumentException("a number was expected, but found " + quote(digits));
    }
    return Double.parseDouble(digits); // a NumberFormatException is an IllegalArgumentException, and quotes no more
  }
}
