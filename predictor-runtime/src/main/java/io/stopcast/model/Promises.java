package io.stopcast.model;

import static io.stopcast.model.ModelRejectedException.quote;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The promises of a model file; most have none. Immutable; safe for all threads.
 *
 * <p>As text: the version; then each promise, a line for it and one for each price; then the same for each family that has a certificate of its own:
 *
 * <pre>
 * 1
 * run 0.9 745 exceeding 0.02 0.1      unit, confidence, units, limit
 * 0.03 0.61                           price, threshold
 * 0.1 never 12                        price, how many units are missing
 * of 171 vision, small                units of a family, and its name
 * 0.03 0.7
 * 0.1 never 5
 * </pre>
 *
 * @param all no two of one unit with the same limit
 */
public record Promises(List<Promise> all) {
  /** Nothing is promised. */
  public static final Promises NONE = new Promises(List.of());

  private static final String VERSION = "1";
  private static final String NEVER = "never";
  private static final String FAMILY = "of ";
  private static final int FAMILY_WORDS = 3;
  private static final int MOST_LINES = 1 << 12;
  private static final int HEAD = 4;
  private static final Pattern NUMBER = Pattern.compile("[0-9.]{1,30}(E-?[0-9]{1,3})?");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,9}");

  public Promises {
    all = List.copyOf(all);
    Set<String> seen = new HashSet<>();
    for (Promise promise : all) {
      if (!seen.add(promise.unit().word() + " " + promise.limit().format())) {
        throw new IllegalArgumentException(
            "%s for %s is promised twice".formatted(promise.limit(), promise.unit().inWords()));
      }
    }
  }

  /**
   * Returns the loosest promise for a unit that covers a limit, if there is one.
   *
   * @param asked a limit that a user wants kept
   */
  public Optional<Promise> covering(Promise.Unit unit, RegretLimit asked) {
    Promise loosest = null;
    for (Promise promise : all) {
      boolean serves = promise.unit() == unit && promise.limit().covers(asked);
      if (serves && (loosest == null || loosest.limit().covers(promise.limit()))) {
        loosest = promise;
      }
    }
    return Optional.ofNullable(loosest);
  }

  /** Writes all as text, from which {@link #parse} gives an equal value. */
  public String format() {
    StringBuilder text = new StringBuilder(VERSION).append('\n');
    for (Promise promise : all) {
      text.append(promise.unit().word()).append(' ').append(promise.confidence()).append(' ').append(promise.units());
      text.append(' ').append(promise.limit().format()).append('\n');
      promise.byPrice().forEach((price, certificate) -> append(text, price, certificate));
      promise.families()
          .forEach(
              (name, family) -> {
                text.append(FAMILY).append(family.units()).append(' ').append(name).append('\n');
                family.byPrice().forEach((price, certificate) -> append(text, price, certificate));
              });
    }
    return text.toString();
  }

  private static void append(StringBuilder text, double price, Promise.Certificate certificate) {
    text.append(price).append(' ');
    text.append(certificate.isCertified() ? certificate.threshold() : NEVER + " " + certificate.missing());
    text.append('\n');
  }

  /**
   * Reads what {@link #format} writes, and nothing else.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Promises parse(String text) {
    String[] lines = text.split("\n", MOST_LINES);
    if (!lines[0].equals(VERSION) || lines.length == MOST_LINES) {
      throw new IllegalArgumentException(
          "promises should be of version %s and below %d lines, but begin with %s".formatted(VERSION, MOST_LINES, quote(lines[0])));
    }
    List<Promise> all = new ArrayList<>();
    int at = 1;
    while (at < lines.length && !lines[at].isEmpty()) {
      String[] head = lines[at++].split(" ", HEAD);
      if (head.length != HEAD || !COUNT.matcher(head[2]).matches()) {
        throw new IllegalArgumentException(
            "a promise begins with unit, confidence, number of units and limit, but found " + quote(lines[at - 1]));
      }
      int prices = prices(lines, at);
      NavigableMap<Double, Promise.Certificate> byPrice = byPrice(lines, at, prices);
      at += prices;
      NavigableMap<String, Promise.OfFamily> families = new TreeMap<>();
      while (at < lines.length && lines[at].startsWith(FAMILY)) {
        String[] family = lines[at++].split(" ", FAMILY_WORDS);
        if (family.length != FAMILY_WORDS || !COUNT.matcher(family[1]).matches()) {
          throw new IllegalArgumentException("a family has a number of units and a name, but found " + quote(lines[at - 1]));
        }
        prices = prices(lines, at);
        Promise.OfFamily own = new Promise.OfFamily(Integer.parseInt(family[1]), byPrice(lines, at, prices));
        at += prices;
        if (families.put(family[2], own) != null) {
          throw new IllegalArgumentException("family %s is there twice".formatted(quote(family[2])));
        }
      }
      all.add(
          new Promise(
              Promise.Unit.of(head[0]), RegretLimit.parse(head[3]), number(head[1]), Integer.parseInt(head[2]), byPrice, families));
    }
    if (at != lines.length - 1) {
      throw new IllegalArgumentException("promises end with a line break, and nothing follows it");
    }
    return new Promises(all);
  }

  /** How many lines from one on begin with a price. */
  private static int prices(String[] lines, int from) {
    int to = from;
    while (to < lines.length && !lines[to].isEmpty() && !Character.isLetter(lines[to].charAt(0))) {
      to++;
    }
    return to - from;
  }

  private static NavigableMap<Double, Promise.Certificate> byPrice(String[] lines, int from, int count) {
    NavigableMap<Double, Promise.Certificate> byPrice = new TreeMap<>();
    for (int at = from; at < from + count; at++) {
      String[] words = lines[at].split(" ", HEAD);
      if (byPrice.put(number(words[0]), certificate(words, lines[at])) != null) {
        throw new IllegalArgumentException("price %s is there twice".formatted(quote(words[0])));
      }
    }
    return byPrice;
  }

  private static Promise.Certificate certificate(String[] words, String line) {
    if (words.length == 2) {
      return new Promise.Certificate(number(words[1]), 0);
    }
    if (words.length == 3 && words[1].equals(NEVER) && COUNT.matcher(words[2]).matches()) {
      return Promise.Certificate.never(Integer.parseInt(words[2]));
    }
    throw new IllegalArgumentException(
        "a certificate has a price and a threshold, or never and a number of units, but found " + quote(line));
  }

  private static double number(String digits) {
    if (!NUMBER.matcher(digits).matches()) {
      throw new IllegalArgumentException("a number was expected, but found " + quote(digits));
    }
    return Double.parseDouble(digits); // a NumberFormatException is an IllegalArgumentException, and quotes no more
  }
}
