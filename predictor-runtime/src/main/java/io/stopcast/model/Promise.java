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
 */
public record Promise(
    Unit unit, RegretLimit limit, double confidence, int units, NavigableMap<Double, Certificate> byPrice) {

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
  }

  /** The highest price at which something is certified. Under a tight limit a lower one may save as much (docs/promise.md). */
  public Optional<Double> boldestPrice() {
    return byPrice.descendingMap().entrySet().stream()
        .filter(entry -> entry.getValue().isCertified())
        .findFirst()
        .map(Map.Entry::getKey);
  }

  /** In words, such as {@code P(regret > 0.02) <= 0.1 for a new run of a known task, with confidence 0.9 by 745 units}. */
  @Override
  public String toString() {
    return "%s for %s, with confidence %s by %d units".formatted(limit, unit.inWords, confidence, units);
  }
}
