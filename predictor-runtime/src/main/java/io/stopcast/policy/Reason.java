package io.stopcast.policy;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a model stops a run, as one line of at most {@value #LONGEST} characters without a comma.
 *
 * <p>Features are told by group, the part of their name before the dot: those three that speak for stopping most, each with
 * its strongest feature and that one's value.
 */
final class Reason {
  static final int LONGEST = 200;
  private static final int MOST_GROUPS = 3;
  private static final MathContext THREE_DIGITS = new MathContext(3);

  /** What a group of features is about; one that is not here is called by its name. */
  static final Map<String, String> PHRASES =
      Map.ofEntries(
          Map.entry("time", "time"),
          Map.entry("since", "age of the best"),
          Map.entry("bests", "new bests"),
          Map.entry("level", "level"),
          Map.entry("gain", "recent gains"),
          Map.entry("slope", "slope"),
          Map.entry("noise", "noise"),
          Map.entry("log", "slowing down"),
          Map.entry("ahead", "extrapolation"),
          Map.entry("train", "training loss"),
          Map.entry("prior", "earlier runs"));

  private Reason() {}

  /** The line for a model of which nothing is known but its score. */
  static String of(double score, double threshold, double price) {
    return String.format(Locale.ROOT, "P(stopping is right) %.3f >= %.3f at price %s", score, threshold, price);
  }

  static String of(double score, double threshold, double price, Outlook outlook) {
    return String.format(
            Locale.ROOT,
            "P(stopping is right) %.3f at price %s: score %.3f >= %.3f; ",
            outlook.probability(), price, score, threshold)
        + expected(outlook);
  }

  private static String expected(Outlook outlook) {
    if (Double.isNaN(outlook.gain())) {
      return "gain unknown";
    }
    double points = Math.ceil(outlook.pointsToGain());
    return outlook.gain() == 0 || points == 0
        ? "no more expected"
        : "%s more expected in %s".formatted(shown(outlook.gain()), points == 1 ? "1 point" : shown(points) + " points");
  }

  /** Adds what drove the score, as far as the line may grow. */
  static String because(String line, Attribution attribution) {
    StringBuilder text = new StringBuilder(line);
    String separator = "; because of ";
    for (String driver : drivers(attribution)) {
      if (text.length() + separator.length() + driver.length() > LONGEST) {
        break;
      }
      text.append(separator).append(driver);
      separator = " and ";
    }
    return text.toString();
  }

  private static List<String> drivers(Attribution attribution) {
    List<String> names = attribution.schema().names();
    Map<String, Double> sums = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).indexOf('.') > 0) { // the price, which has none, is no news
        sums.merge(group(names.get(i)), attribution.parts()[i], Double::sum);
      }
    }
    Map<String, Integer> strongest = new LinkedHashMap<>();
    attribution.forStopping().forEach(i -> strongest.putIfAbsent(group(names.get(i)), i));
    return sums.entrySet().stream()
        .filter(group -> group.getValue() > 0)
        .sorted(Comparator.comparingDouble((Map.Entry<String, Double> group) -> -group.getValue()))
        .limit(MOST_GROUPS)
        .map(group -> driver(names, strongest.get(group.getKey()), attribution.features()))
        .toList();
  }

  private static String driver(List<String> names, int feature, float[] row) {
    String name = names.get(feature);
    String group = group(name);
    return "%s (%s %s)"
        .formatted(PHRASES.getOrDefault(group, group), name.substring(group.length() + 1), shown(row[feature]));
  }

  private static String group(String name) {
    return name.substring(0, Math.max(0, name.indexOf('.')));
  }

  /** Three digits, without an exponent where that is short. */
  private static String shown(double value) {
    if (!Double.isFinite(value)) {
      return "unknown";
    }
    double size = Math.abs(value);
    if (size != 0 && size < 1e-4 || size >= 1e6) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = size >= 100 ? exact.setScale(0, RoundingMode.HALF_EVEN) : exact.round(THREE_DIGITS);
    return rounded.stripTrailingZeros().toPlainString();
  }
}
