package io.stopcast.datasets.family;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Hyper-parameters by name.
 *
 * @param values numbers as {@link Double} or {@link Long}, all else as text; sorted by name
 */
public record Settings(SortedMap<String, Object> values) {
  /** Where a run ends, in points. */
  public static final String POINTS = "points";
  /** How many rows a run would like to train on. */
  public static final String TRAIN_ROWS = "train_rows";
  /** Share of the training rows whose answer is spoilt. */
  public static final String LABEL_NOISE = "label_noise";
  /** How a run's settings came about: {@code tuned} or {@code wide}. */
  public static final String SAMPLER = "sampler";

  public Settings {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Settings with these values. */
  public Settings(Map<String, Object> values) {
    this(new TreeMap<>(values));
  }

  /** These settings and one more. */
  public Settings with(String name, Object value) {
    SortedMap<String, Object> more = new TreeMap<>(values);
    more.put(name, value);
    return new Settings(more);
  }

  /** A value as a real number. */
  public double real(String name) {
    return ((Number) value(name)).doubleValue();
  }

  /** A value as a whole number. */
  public int whole(String name) {
    return Math.toIntExact((Long) value(name));
  }

  /** A value as text. */
  public String text(String name) {
    return (String) value(name);
  }

  private Object value(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the settings should name '" + name + "', but name only " + values.keySet());
    }
    return value;
  }
}
