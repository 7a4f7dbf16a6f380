package io.stopcast.datasets.rdata;

import java.util.List;
import java.util.Map;

/** A value of R, as far as tables need it: atomic vectors, lists, and a placeholder for the rest. */
sealed interface RValue {
  /** What R hangs on the value: names, class, levels, dimensions; empty if nothing. */
  Map<String, RValue> attributes();

  /** Real numbers; NA is NaN. */
  record Reals(double[] values, Map<String, RValue> attributes) implements RValue {}

  /** Whole numbers, logicals or the codes of a factor; NA is {@link Integer#MIN_VALUE}. */
  record Ints(int[] values, Map<String, RValue> attributes) implements RValue {
    static final int NA = Integer.MIN_VALUE;
  }

  /** Texts; NA is null. */
  record Strings(String[] values, Map<String, RValue> attributes) implements RValue {}

  /** A generic vector, such as a data frame. */
  record Values(List<RValue> values, Map<String, RValue> attributes) implements RValue {}

  /** A pairlist: the top of an {@code .rda} file, and where attributes come from. An item without a tag has "". */
  record Pairs(List<String> tags, List<RValue> values, Map<String, RValue> attributes) implements RValue {}

  record Symbol(String name) implements RValue {
    @Override
    public Map<String, RValue> attributes() {
      return Map.of();
    }
  }

  /** Anything that no table is made of: NULL, functions, environments, raw bytes. */
  record Other(String what) implements RValue {
    static final Other NULL = new Other("NULL");

    @Override
    public Map<String, RValue> attributes() {
      return Map.of();
    }
  }

  /** Returns the texts of an attribute, or null if it is absent or holds no texts. */
  default String[] texts(String attribute) {
    return attributes().get(attribute) instanceof Strings strings ? strings.values() : null;
  }
}
