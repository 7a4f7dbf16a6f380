package io.stopcast.policy;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.run.Direction;
import io.stopcast.run.RunContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What must hold of a run for a policy to be chosen for it: a fact of the run that has one of some values, or lies within a range.
 *
 * <p>Facts are {@code source}, {@code task}, {@code metric}, {@code goal} (max or min), {@code planned} (points), {@code planned_cost},
 * {@code cost_unit}, any parameter of the run by its name, or as {@code context.NAME} where that is one of these, and, for a {@link
 * Selection}, {@code curve.NAME}, a feature of the curve so far ({@link FeatureExtractor}). A fact that is not known of a run, or NaN,
 * fulfils no condition. Immutable; safe for any thread.
 */
public sealed interface Condition {
  /** The facts that every run may have. */
  Set<String> FACTS = Set.of("source", "task", "metric", "goal", "planned", "planned_cost", "cost_unit");

  /** Before the name of a parameter, which may be called like another fact. */
  String CONTEXT = "context.";

  /** Before the name of a feature. */
  String CURVE = "curve.";

  /** What it is about. */
  String fact();

  /** Whether it holds of a value: a text, a number or a truth; null for what is not known. */
  boolean holds(Object value);

  /** Whether it can be told when a run starts; if not, it needs features of its curve. */
  default boolean isKnownAtStart() {
    return !fact().startsWith(CURVE);
  }

  /** Whether it holds of a run that starts; never if it is about the curve. */
  default boolean holds(RunContext run) {
    return isKnownAtStart() && holds(value(run, fact()));
  }

  /** The position of the feature that it is about, in the schema. */
  private static int feature(String fact) {
    int position = FeatureExtractor.schema().names().indexOf(fact.substring(CURVE.length()));
    if (position < 0 || fact.startsWith(CURVE + "price") || fact.startsWith(CURVE + "prior.")) {
      List<String> known =
          FeatureExtractor.schema().names().stream().filter(name -> !name.equals("price") && !name.startsWith("prior.")).toList();
      throw new IllegalArgumentException("a curve has no feature '" + fact + "'; it has, each after '" + CURVE + "', " + known);
    }
    return position;
  }

  /** What is known of a run: a text, a number or a truth; null if it is not known. */
  static Object value(RunContext run, String fact) {
    return switch (fact) {
      case "source" -> run.source();
      case "task" -> run.task();
      case "metric" -> run.objective().metric();
      case "goal" -> run.objective().direction() == Direction.MAXIMIZE ? "max" : "min";
      case "planned" -> run.horizon().points() > 0 ? run.horizon().points() : null;
      case "planned_cost" -> run.horizon().cost() > 0 ? run.horizon().cost() : null;
      case "cost_unit" -> run.costUnit();
      default -> run.parameters().get(fact.startsWith(CONTEXT) ? fact.substring(CONTEXT.length()) : fact);
    };
  }

  private static void requireFact(String fact) {
    if (fact.isBlank() || fact.equals(CONTEXT) || fact.equals(CURVE)) {
      throw new IllegalArgumentException("a condition needs the name of a fact, such as task, but it was '" + fact + "'");
    }
    if (fact.startsWith(CURVE)) {
      feature(fact);
    }
  }

  /**
   * A fact that has one of some values. A value may hold {@code *} for any number of any characters; a backslash before a character
   * takes it as it is. What are numbers on both sides are compared as numbers.
   *
   * @param values at least one
   */
  record OneOf(String fact, List<String> values) implements Condition {
    public OneOf {
      requireFact(fact);
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("'" + fact + "' needs at least one value");
      }
      if (fact.startsWith(CURVE)) {
        throw new IllegalArgumentException("'" + fact + "' is a number that hardly comes twice: give a range, such as 0.1..0.5");
      }
    }

    /** A fact that has this value, whatever characters it is made of. */
    public static OneOf exactly(String fact, String value) {
      return new OneOf(fact, List.of(value.replaceAll("[\\\\*|]", "\\\\$0").replaceAll("^([-+.0-9eE]*)\\.\\.", "$1\\\\..")));
    }

    @Override
    public boolean holds(Object value) {
      return value != null && values.stream().anyMatch(wanted -> fits(wanted, value));
    }

    private static boolean fits(String wanted, Object value) {
      if (value instanceof Number number) {
        try {
          return Double.parseDouble(wanted) == number.doubleValue();
        } catch (NumberFormatException e) {
          return false;
        }
      }
      return fits(wanted, 0, String.valueOf(value), 0);
    }

    private static boolean fits(String wanted, int from, String text, int at) {
      int t = at;
      for (int w = from; w < wanted.length(); w++, t++) {
        char c = wanted.charAt(w);
        if (c == '*') {
          for (int rest = t; rest <= text.length(); rest++) {
            if (fits(wanted, w + 1, text, rest)) {
              return true;
            }
          }
          return false;
        }
        if (c == '\\' && w + 1 < wanted.length()) {
          w++;
        }
        if (t >= text.length() || text.charAt(t) != wanted.charAt(w)) {
          return false;
        }
      }
      return t == text.length();
    }

    @Override
    public String toString() {
      return fact + ": " + String.join(" | ", values);
    }
  }

  /**
   * A number within a range, both ends included.
   *
   * @param low negative infinity for no lower end
   * @param high infinity for no upper end
   */
  record Within(String fact, double low, double high) implements Condition {
    public Within {
      requireFact(fact);
      if (!(low <= high) || low == Double.POSITIVE_INFINITY || high == Double.NEGATIVE_INFINITY) {
        throw new IllegalArgumentException("'" + fact + "' cannot lie within " + low + ".." + high + ": the lower end comes first");
      }
      if (Double.isInfinite(low) && Double.isInfinite(high)) {
        throw new IllegalArgumentException("a range of '" + fact + "' needs at least one end");
      }
    }

    @Override
    public boolean holds(Object value) {
      return value instanceof Number number && number.doubleValue() >= low && number.doubleValue() <= high;
    }

    /** Where in the schema the feature of the curve stands that it is about. */
    int position() {
      return feature(fact);
    }

    @Override
    public String toString() {
      return fact + ": " + end(low) + ".." + end(high);
    }

    private static String end(double end) {
      boolean isWhole = end == Math.rint(end) && Math.abs(end) < 1e15;
      return Double.isInfinite(end) ? "" : isWhole ? String.format(Locale.ROOT, "%.0f", end) : Double.toString(end);
    }
  }
}
