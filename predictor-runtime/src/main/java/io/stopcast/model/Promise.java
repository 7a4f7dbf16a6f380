package io.stopcast.model;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was certified of a model, price by price: from which score on it may stop a run and keep within a limit on the regret.
 *
 * <p>It was found on {@code units} that training had not seen. Over the draw of these units, a threshold is certified although it
 * breaks the limit with a probability of at most 1 - {@code confidence}; this holds for each price by itself, so that of
 * several prices one is certified wrongly with at most so many times that. It holds for the unit in question and on average over
 * what such units are like: a single task may be worse. And it holds for the file as it is: with other earlier runs in it nothing
 * is promised.
 *
 * @param unit what it holds for
 * @param limit what is kept
 * @param confidence within 0.5 and 1 (exclusive)
 * @param units how many it was certified on; 0 or more
 * @param byPrice what came of it at each price; at least one
 * @param families those that have a certificate of their own, by name: of a run of such a family ({@link io.stopcast.run.RunContext#family}) it is
 *     promised by itself, with the same confidence, and {@code byPrice} is for all others
 */
public record Promise(
    Unit unit,
    RegretLimit limit,
    double confidence,
    int units,
    NavigableMap<Double, Certificate> byPrice,
    NavigableMap<String, OfFamily> families) {
  /** So many families may have a certificate of their own. */
  public static final int MOST_FAMILIES = 256;

  /** A family with a longer name, or one with a line break or the like in it, has none. */
  public static final int LONGEST_FAMILY = 100;

  /** What is new when a promise is kept. */
  public enum Unit {
    /** A new run, of a configuration that was not run before, of a task with a history in the model file. */
    RUN("run", "a new run of a known task"),
    /** A run of a task that is new altogether. */
    TASK("task", "a run of a new task");

    private final String word;
    private final String inWords;

    Unit(String word, String inWords) {
      this.word = word;
      this.inWords = inWords;
    }

    /** The name that files and the command line use. */
    public String word() {
      return word;
    }

    /** For people: what the promise is about. */
    public String inWords() {
      return inWords;
    }

    /** Returns the unit of that name. */
    public static Unit of(String word) {
      for (Unit unit : values()) {
        if (unit.word.equals(word)) {
          return unit;
        }
      }
      throw new IllegalArgumentException(
          "a promise is for a new 'run' of a known task or for a new 'task', but not for " + ModelRejectedException.quote(word));
    }
  }

  /**
   * What came of one price.
   *
   * @param threshold from which score on it may stop, within (0, 1]; infinite if nothing could be certified, which means: never
   * @param missing how many units without any regret were missing for the most cautious threshold; 0 if one was certified
   */
  public record Certificate(double threshold, int missing) {
    public Certificate {
      boolean isCertified = threshold > 0 && threshold <= 1 && missing == 0;
      if (!isCertified && !(threshold == Double.POSITIVE_INFINITY && missing > 0)) {
        throw new IllegalArgumentException(
            "a certificate has a threshold within 0..1 and nothing missing, or none and something missing, but has %s and %d"
                .formatted(threshold, missing));
      }
    }

    /** Nothing but never stopping could be certified. */
    public static Certificate never(int missing) {
      return new Certificate(Double.POSITIVE_INFINITY, missing);
    }

    /** Whether there is a threshold. */
    public boolean isCertified() {
      return missing == 0;
    }
  }

  /**
   * What was certified on the units of one family.
   *
   * @param units how many there were
   * @param byPrice at the same prices as the promise
   */
  public record OfFamily(int units, NavigableMap<Double, Certificate> byPrice) {
    public OfFamily {
      byPrice = Collections.unmodifiableNavigableMap(new TreeMap<>(byPrice));
    }
  }

  public Promise {
    byPrice = Collections.unmodifiableNavigableMap(new TreeMap<>(byPrice));
    if (!(confidence >= .5 && confidence < 1)) {
      throw new IllegalArgumentException(
          "the confidence must be at least 0.5 and below 1, such as 0.9, but was " + confidence);
    }
    if (units < 0 || byPrice.isEmpty()) {
      throw new IllegalArgumentException(
          "a promise needs a number of units and at least one price, but has %d and %d".formatted(units, byPrice.size()));
    }
    byPrice.keySet().forEach(PriceThresholds::requirePrice);
    families = Collections.unmodifiableNavigableMap(new TreeMap<>(families));
    if (families.size() > MOST_FAMILIES) {
      throw new IllegalArgumentException("at most %d families may have a certificate, but %d have one".formatted(MOST_FAMILIES, families.size()));
    }
    for (Map.Entry<String, OfFamily> family : families.entrySet()) {
      if (!isNameable(family.getKey()) || !family.getValue().byPrice.keySet().equals(byPrice.keySet())) {
        throw new IllegalArgumentException(
            "a family has a name of 1 to %d characters, none of them a control, and the prices %s, but %s has %s"
                .formatted(LONGEST_FAMILY, byPrice.keySet(), ModelRejectedException.quote(family.getKey()), family.getValue().byPrice.keySet()));
      }
    }
  }

  /** Without certificates of families. */
  public Promise(Unit unit, RegretLimit limit, double confidence, int units, NavigableMap<Double, Certificate> byPrice) {
    this(unit, limit, confidence, units, byPrice, Collections.emptyNavigableMap());
  }

  /** Whether a family of this name may have a certificate of its own. */
  public static boolean isNameable(String family) {
    return !family.isBlank() && family.length() <= LONGEST_FAMILY && family.chars().noneMatch(Character::isISOControl);
  }

  /**
   * The highest price at which something is certified, for one family at least. Under a tight limit a lower one may save as much
   * (docs/promise.md).
   */
  public Optional<Double> boldestPrice() {
    return byPrice.descendingKeySet().stream().filter(this::isCertifiedAt).findFirst();
  }

  /** Whether anything but never stopping is certified at a price, in general or for one family at least. */
  public boolean isCertifiedAt(double price) {
    return byPrice.containsKey(price)
        && (byPrice.get(price).isCertified() || families.values().stream().anyMatch(family -> family.byPrice.get(price).isCertified()));
  }

  /** In words, such as {@code P(regret > 0.02) <= 0.1 for a new run of a known task, with confidence 0.9 by 745 units}. */
  @Override
  public String toString() {
    String own = families.isEmpty() ? "" : "; by certificates of their own for " + String.join(", ", families.keySet());
    return "%s for %s, with confidence %s by %d units%s".formatted(limit, unit.inWords, confidence, units, own);
  }
}
