package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Direction;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The rules that go by a tool's name decide as the tool itself did, when {@code checks/real-rules} showed it the curves of {@code
 * rules/curves.csv}.
 *
 * <p>A tool was asked on after it had said stop, so that each point of a curve is a decision. At a NaN our answer is to go on,
 * whatever the tool's.
 */
class RecordedRulesTest {
  private static final Map<String, Curve> CURVES =
      read("curves").stream().map(Curve::of).collect(Collectors.toMap(Curve::name, curve -> curve));

  /** A curve that was shown to all tools. */
  record Curve(String name, String kind, RunContext run, double[] values) {
    static Curve of(Row row) {
      Objective objective = row.text("goal").equals("max") ? Objective.maximize("em") : Objective.minimize("em");
      return new Curve(row.text("curve"), row.text("kind"), RunContext.of(objective), Watching.curve(row.text("values")));
    }

    /** One character for each point: 1 for stop, 0 for go on. */
    String stops(StopPolicy policy) {
      return Watching.decisions(policy, run, Watching.steps(values)).stream()
          .map(decision -> decision.isStop() ? "1" : "0")
          .collect(Collectors.joining());
    }

    boolean isPositive() {
      return Arrays.stream(values).allMatch(value -> value > 0 && value < Double.POSITIVE_INFINITY);
    }

    /** What a tool said, but for its stops at a NaN. */
    String withoutNaNs(String stops) {
      StringBuilder out = new StringBuilder(stops);
      for (int i = 0; i < values.length; i++) {
        if (Double.isNaN(values[i])) {
          out.setCharAt(i, '0');
        }
      }
      return out.toString();
    }

    /** What a tool said that stops at a NaN, up to its first stop; if that is at a NaN, to the first point after it that is none. */
    String untilItStops(String stops) {
      int stop = stops.indexOf('1');
      while (stop >= 0 && stop < values.length && Double.isNaN(values[stop])) {
        stop++;
      }
      return stop < 0 || stop == values.length ? "0".repeat(values.length) : "0".repeat(stop) + "1";
    }
  }

  /** A line of a table. */
  record Row(List<String> columns, List<String> fields) {
    String text(String column) {
      return fields.get(columns.indexOf(column));
    }

    double number(String column) {
      return Double.parseDouble(text(column));
    }

    int count(String column) {
      return Integer.parseInt(text(column));
    }

    Curve curve() {
      return CURVES.get(text("curve"));
    }
  }

  private static List<Row> read(String table) {
    try (InputStream in = RecordedRulesTest.class.getResourceAsStream("/rules/" + table + ".csv")) {
      List<List<String>> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> List.of(line.split(",")))
              .toList();
      return lines.stream().skip(1).map(fields -> new Row(lines.get(0), fields)).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertDecidesAs(String tool, int curves, Function<Row, StopPolicy> policy) {
    assertDecidesAs(read(tool), curves, policy);
  }

  private static void assertDecidesAs(List<Row> rows, int curves, Function<Row, StopPolicy> policy) {
    assertEquals(List.of(), disagreements(rows, policy), "of " + rows.size());
    assertEquals(curves, rows.size());
    long stopped = rows.stream().filter(row -> row.curve().withoutNaNs(row.text("stops")).contains("1")).count();
    assertTrue(stopped > curves / 4 && stopped < curves, stopped + " stopped");
  }

  private static List<String> disagreements(List<Row> rows, Function<Row, StopPolicy> policy) {
    return disagreements(rows, policy, row -> row.curve().withoutNaNs(row.text("stops")));
  }

  /** Those rows in which a policy does not begin with what is expected. */
  private static List<String> disagreements(
      List<Row> rows, Function<Row, StopPolicy> policy, Function<Row, String> expected) {
    return rows.stream()
        .filter(row -> !row.curve().stops(policy.apply(row)).startsWith(expected.apply(row)))
        .map(row -> row.fields() + ", but ours " + row.curve().stops(policy.apply(row)))
        .toList();
  }

  @Test
  void keras_decidesAsTheCallback() {
    assertDecidesAs(
        "keras",
        744,
        row ->
            new KerasEarlyStopping(
                row.count("patience"), row.number("min_delta"), row.number("baseline"), row.count("start")));
  }

  @Test
  void lightning_patienceAlone_decidesAsTheCallback() {
    List<Row> rows =
        read("pytorch_lightning").stream()
            .filter(row -> Double.isNaN(row.number("stopping")) && Double.isNaN(row.number("divergence")))
            .filter(row -> row.text("finite").equals("false"))
            .toList();
    assertDecidesAs(rows, 155, RecordedRulesTest::lightning);
  }

  /** Only up to the first stop: after that the callback forgets to look for the best where another condition holds. */
  @Test
  void lightning_allConditions_stopWhereTheCallbackDoes() {
    List<Row> rows = read("pytorch_lightning");
    assertEquals(
        List.of(),
        disagreements(
            rows,
            RecordedRulesTest::lightning,
            row -> {
              String stops = row.text("stops");
              return row.text("finite").equals("true")
                  ? row.curve().untilItStops(stops)
                  : row.curve().withoutNaNs(stops).replaceFirst("1.*", "1");
            }));
    assertEquals(744, rows.size());
  }

  private static StopPolicy lightning(Row row) {
    StopPolicy policy = new LightningEarlyStopping(row.count("patience"), row.number("min_delta"));
    if (!Double.isNaN(row.number("stopping"))) {
      policy = policy.or(Target.beyond(row.number("stopping")));
    }
    if (!Double.isNaN(row.number("divergence"))) {
      policy = policy.or(new Divergence(row.number("divergence")));
    }
    return row.text("finite").equals("true") ? policy.or(new NonFinite(1)) : policy;
  }

  @Test
  void transformers_decidesAsTheCallback() {
    assertDecidesAs(
        "transformers", 496, row -> new TransformersEarlyStopping(row.count("patience"), row.number("threshold")));
  }

  @Test
  void boosting_decidesAsLightGbm() {
    assertDecidesAs("lightgbm", 496, row -> new BoostingEarlyStopping(row.count("rounds"), row.number("min_delta")));
  }

  /** But for the last bit, where more is better and two decimals differ by min-delta: 4 of 496. */
  @Test
  void boosting_decidesAsXgboost() {
    Function<Row, StopPolicy> policy = row -> new BoostingEarlyStopping(row.count("rounds"), row.number("min_delta"));
    Predicate<Row> isRounded =
        row ->
            row.curve().run().objective().direction() == Direction.MAXIMIZE
                && row.curve().kind().equals("cents")
                && row.number("min_delta") > 0;
    List<Row> all = read("xgboost");
    assertAll(
        () -> assertDecidesAs(all.stream().filter(isRounded.negate()).toList(), 462, policy),
        () -> assertEquals(4, disagreements(all, policy).size()));
  }

  @Test
  void dl4j_scoreImprovement_decidesAsTheCondition() {
    assertDecidesAs(
        dl4j("ScoreImprovement"), 496, row -> new Dl4jScoreImprovement(row.count("epochs"), row.number("level")));
  }

  @Test
  void dl4j_scoreImprovementOnFiniteValues_isPatience() {
    List<Row> finite =
        dl4j("ScoreImprovement").stream().filter(row -> !row.curve().kind().matches("nan|inf")).toList();
    assertDecidesAs(finite, 352, row -> new Patience(row.count("epochs"), row.number("level")));
  }

  @Test
  void dl4j_otherConditions_decideAsTheirCounterparts() {
    assertDecidesAs(dl4j("BestScore"), 124, row -> Target.beyond(row.number("level")));
    assertDecidesAs(dl4j("MaxEpochs"), 124, row -> Budget.ofPoints(row.count("epochs")));
    assertDecidesAs(dl4j("MaxScore"), 62, row -> new Divergence(row.number("level")));
    assertEquals(
        List.of(),
        disagreements(
            dl4j("InvalidScore"), row -> new NonFinite(1), row -> row.curve().untilItStops(row.text("stops"))));
    assertEquals(124, dl4j("InvalidScore").size());
  }

  private static List<Row> dl4j(String condition) {
    return read("dl4j").stream().filter(row -> row.text("condition").equals(condition)).toList();
  }

  @Test
  void plateau_decidesAsRayTune() {
    assertDecidesAs(
        "ray",
        496,
        row -> {
          StopPolicy policy = new Plateau(row.count("results"), row.number("std")).notBefore(row.count("grace"));
          double threshold = row.number("threshold");
          return Double.isNaN(threshold) ? policy : policy.and(Target.reached(threshold));
        });
  }

  @Test
  void catBoost_stopsWhereTheDetectorDoes() {
    Function<Row, StopPolicy> policy =
        row -> {
          int wait = row.count("wait");
          return switch (row.text("rule")) {
            case "Wilcoxon" -> new Wilcoxon(row.number("p"), wait);
            case "IncToDec" -> new IncToDec(row.number("p"), wait);
            default -> new Patience(wait);
          };
        };
    List<Row> rows = read("catboost");
    assertEquals(List.of(), disagreements(rows, policy, row -> row.curve().untilItStops(row.text("stops"))));
    assertEquals(647, rows.size());
  }

  @Test
  void movingAverage_positiveValues_decidesAsH2o() {
    List<Row> positive = read("h2o").stream().filter(row -> row.curve().isPositive()).toList();
    assertDecidesAs(positive, 368, row -> new MovingAverage(row.count("rounds"), row.number("tolerance")));
  }
}
