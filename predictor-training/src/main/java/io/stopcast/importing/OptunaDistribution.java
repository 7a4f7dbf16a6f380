package io.stopcast.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What Optuna drew a parameter from: says what the number stands for by which it stores the value.
 *
 * @param choices of a categorical parameter, in order; null for numbers. A choice may be null
 * @param whole whether the values are whole numbers
 */
record OptunaDistribution(List<Object> choices, boolean whole) {
  /**
   * From {@code {"name": "IntDistribution", "attributes": {...}}}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static OptunaDistribution of(JsonNode json) {
    String name = json.path("name").asText("");
    if (name.equals("CategoricalDistribution")) {
      List<Object> choices = new ArrayList<>();
      for (JsonNode choice : json.path("attributes").path("choices")) {
        choices.add(scalar(choice));
      }
      return new OptunaDistribution(choices, false);
    }
    if (!name.endsWith("Distribution")) {
      throw new IllegalArgumentException("no known distribution");
    }
    return new OptunaDistribution(null, name.startsWith("Int"));
  }

  /**
   * The value that is stored as this number; null for a choice that is none or no scalar.
   *
   * @throws IllegalArgumentException if the number stands for nothing
   */
  Object decode(double stored) {
    if (choices != null) {
      if (!(stored >= 0 && stored < choices.size())) {
        throw new IllegalArgumentException("choice %s of %d".formatted(stored, choices.size()));
      }
      return choices.get((int) stored);
    }
    if (whole && stored == Math.rint(stored) && Math.abs(stored) < 1L << 53) {
      return (long) stored;
    }
    return stored;
  }

  private static Object scalar(JsonNode json) {
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    if (json.isIntegralNumber() && json.canConvertToLong()) {
      return json.longValue();
    }
    return json.isNumber() ? (Object) json.doubleValue() : null;
  }
}
