package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureExtractorTest {
  private static final FeatureSchema SCHEMA = FeatureExtractor.schema();
  private static final Set<String> PLANNED =
      Set.of(
          "time.done",
          "time.log_left",
          "since.best_planned",
          "since.span_01_planned",
          "log.best_left",
          "slope.last_20_left",
          "slope.half_left",
          "ahead.planned");

  static IntStream seeds() {
    return IntStream.range(0, 120);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_lastStepOfACutRun_equalsThatStepOfTheWholeRun(int seed) {
    List<Step> steps = Curves.run(seed, 1 + seed, false);
    List<float[]> live = rows(Curves.context(Curves.OBJECTIVE), steps);
    int points = 0;
    for (int k = 1; k <= steps.size(); k++) {
      FeatureExtractor cut = new FeatureExtractor(Curves.context(Curves.OBJECTIVE));
      boolean point = false;
      for (Step step : steps.subList(0, k)) {
        point = cut.observe(step);
      }
      if (point) {
        assertArrayEquals(live.get(points++), cut.features());
      }
    }
    assertEquals(live.size(), points);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_mirroredObjective_isTheSame(int seed) {
    List<Step> steps = Curves.run(seed, 150, false);
    Objective mirrored = Objective.minimize(Curves.OBJECTIVE.metric());
    assertSame(
        rows(Curves.context(Curves.OBJECTIVE), steps),
        rows(Curves.context(mirrored), map(steps, v -> -v, DoubleUnaryOperator.identity())));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_metricScaledByAPowerOfTwo_isTheSameBitForBit(int seed) {
    List<Step> steps = Curves.run(seed, 150, false);
    double scale = Math.scalb(1.0, seed * 8 - 480);
    assertSame(
        rows(Curves.context(Curves.OBJECTIVE), steps),
        rows(Curves.context(Curves.OBJECTIVE), map(steps, v -> v * scale, v -> v / scale)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_affineChangeOfTheMetric_isTheSameButForRounding(int seed) {
    Random random = new Random(seed);
    double[] values = Curves.values(seed, 150);
    for (int i = 0; i < values.length; i++) {
      values[i] += 1e-3 * random.nextGaussian(); // No ties, which rounding would break.
    }
    List<Step> steps = Curves.run(seed, values, false);
    double factor = Math.pow(10, 4 * random.nextDouble() - 2);
    double offset = factor * 20 * (random.nextDouble() - .5);
    List<float[]> expected = rows(Curves.context(Curves.OBJECTIVE), steps);
    List<float[]> actual =
        rows(Curves.context(Curves.OBJECTIVE), map(steps, v -> v * factor + offset, v -> v * factor + offset));
    for (int i = 0; i < expected.size(); i++) {
      for (int f = 0; f < SCHEMA.size(); f++) {
        float e = expected.get(i)[f];
        float a = actual.get(i)[f];
        assertTrue(
            Math.abs(a - e) <= 1e-5 * (1 + Math.abs(e)) || Float.isNaN(e) && Float.isNaN(a),
            "%s at point %d: expected %s, but was %s".formatted(SCHEMA.names().get(f), i + 1, e, a));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_otherNames_isTheSame(int seed) {
    List<Step> steps = Curves.run(seed, 80, false);
    List<Step> renamed = new ArrayList<>();
    for (Step step : steps) {
      Map<String, Double> metrics = new HashMap<>();
      step.names().forEach(name -> metrics.put(name.replace("accuracy", "em"), step.value(name)));
      metrics.put("test_em", 17.0);
      renamed.add(Step.of(step.index() * 3, step.cost(), metrics));
    }
    RunContext other =
        new RunContext(
            "lab", "task", "r17", Objective.maximize("val_em"), Horizon.ofPoints(120), "tokens", Map.of("lr", .1));
    assertSame(rows(Curves.context(Curves.OBJECTIVE), steps), rows(other, renamed));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_unknownHorizon_losesWhatIsPlannedAndNothingElse(int seed) {
    List<Step> steps = Curves.run(seed, 60, true);
    RunContext planned = Curves.context(Curves.OBJECTIVE).withHorizon(new Horizon(60, 100));
    List<float[]> known = rows(planned, steps);
    List<float[]> unknown = rows(planned.withHorizon(Horizon.UNKNOWN), steps);
    for (int i = 0; i < known.size(); i++) {
      for (int f = 0; f < SCHEMA.size(); f++) {
        boolean lost = PLANNED.contains(SCHEMA.names().get(f));
        assertEquals(lost ? Float.NaN : known.get(i)[f], unknown.get(i)[f], SCHEMA.names().get(f));
      }
    }
    float[] last = known.get(known.size() - 1);
    assertEquals(1, value(last, "time.done"));
    assertEquals(0, value(last, "time.log_left"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_plannedByCost_isTheShareOfTheCost(int seed) {
    List<Step> steps = Curves.run(seed, 30, true);
    FeatureExtractor extractor =
        new FeatureExtractor(Curves.context(Curves.OBJECTIVE).withHorizon(Horizon.ofCost(40)));
    for (Step step : steps) {
      extractor.observe(step);
      assertEquals((float) (step.cost() / 40), value(extractor.features(), "time.done"));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void observe_stepsWithoutTheObjective_changeNothingButTrainingSignals(int seed) {
    List<Step> steps = Curves.run(seed, 60, false);
    List<Step> points = steps.stream().filter(Curves.OBJECTIVE::isReportedBy).toList();
    List<float[]> with = rows(Curves.context(Curves.OBJECTIVE), steps);
    List<float[]> without = rows(Curves.context(Curves.OBJECTIVE), points);
    assertEquals(points.size(), with.size());
    boolean differs = false;
    for (int i = 0; i < with.size(); i++) {
      for (int f = 0; f < SCHEMA.size(); f++) {
        if (SCHEMA.names().get(f).startsWith("train.")) {
          differs |= Float.compare(without.get(i)[f], with.get(i)[f]) != 0;
        } else {
          assertEquals(without.get(i)[f], with.get(i)[f], SCHEMA.names().get(f));
        }
      }
    }
    assertEquals(points.size() < steps.size(), differs);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void observe_withoutTrainingSignals_losesTheirGroupAndNothingElse(int seed) {
    List<Step> steps = Curves.run(seed, 60, true);
    List<Step> bare =
        steps.stream().map(s -> Step.of(s.index(), s.cost(), "val_accuracy", s.value("val_accuracy"))).toList();
    List<float[]> with = rows(Curves.context(Curves.OBJECTIVE), steps);
    List<float[]> without = rows(Curves.context(Curves.OBJECTIVE), bare);
    for (int i = 0; i < with.size(); i++) {
      for (int f = 0; f < SCHEMA.size(); f++) {
        String name = SCHEMA.names().get(f);
        float expected = name.equals("train.present") ? 0 : name.startsWith("train.") ? Float.NaN : with.get(i)[f];
        assertEquals(expected, without.get(i)[f], name);
      }
    }
    assertEquals(1, value(with.get(59), "train.present"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.1e300, -Double.MAX_VALUE})
  void observe_unusableValue_countsAsTimeAndLeavesTheCurveAlone(double unusable) {
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    double[] values = {.1, .5, .3, .4, .2, .45, .35};
    for (int i = 0; i < values.length; i++) {
      extractor.observe(Step.of(i + 1, i + 1, "em", values[i]));
    }
    float[] before = extractor.features();
    assertTrue(extractor.observe(Step.of(8, 8, "em", unusable)));
    float[] after = extractor.features();
    for (String name : SCHEMA.names()) {
      if (!name.startsWith("time.") && !name.startsWith("since.") && !name.startsWith("bests.")) {
        assertEquals(value(before, name), value(after, name), name);
      }
    }
    assertEquals(5 / 7f, value(before, "since.best_share"));
    assertEquals(6 / 8f, value(after, "since.best_share"));
    assertEquals(1 / 7f, value(after, "bests.all"));
  }

  @Test
  void observe_onlyUnusableValues_knowsTheTimeOnly() {
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    for (int i = 1; i <= 30; i++) {
      assertTrue(extractor.observe(Step.of(i, i, "em", Double.NaN)));
    }
    assertKnown(
        Map.of(
            "time.log_points", (float) Math.log(31),
            "bests.last_10", 0f,
            "bests.last_20", 0f,
            "bests.all", 0f,
            "train.present", 0f,
            "prior.runs", 0f),
        extractor.features());
  }

  @Test
  void observe_oneStep_knowsTheTimeOnly() {
    FeatureExtractor extractor =
        new FeatureExtractor(RunContext.of(Objective.minimize("loss")).withHorizon(new Horizon(4, 10)));
    assertTrue(extractor.observe(Step.of(7, 2, "loss", 3.5)));
    Map<String, Float> known = new HashMap<>();
    known.put("time.log_points", (float) Math.log(2));
    known.put("time.done", .25f);
    known.put("time.log_left", (float) Math.log(4));
    known.put("train.present", 0f);
    known.put("prior.runs", 0f);
    SCHEMA.names().stream().filter(name -> name.startsWith("since.")).forEach(name -> known.put(name, 0f));
    assertKnown(known, extractor.features());
  }

  @Test
  void observe_constantRun_knowsTimeAndThatNothingMoved() {
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    for (int i = 1; i <= 200; i++) {
      extractor.observe(Step.of(i, 3.0 * i, "em", .1));
    }
    Map<String, Float> known = new HashMap<>();
    known.put("time.log_points", (float) Math.log(201));
    known.put("since.best_share", 199 / 200f);
    known.put("bests.last_10", 0f);
    known.put("bests.last_20", 0f);
    known.put("bests.all", 0f);
    known.put("train.present", 0f);
    known.put("prior.runs", 0f);
    assertKnown(known, extractor.features());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void write_extremeValues_isFiniteOrMissing(int seed) {
    Random random = new Random(seed);
    FeatureExtractor extractor = new FeatureExtractor(Curves.context(Curves.OBJECTIVE).withHorizon(Horizon.ofCost(1)));
    double[] odd = {1e300, -1e300, Double.MIN_VALUE, -Double.MIN_VALUE, 0, -0.0, 1, 1e-300, Double.NaN, 1e308};
    int kinds = 1 + random.nextInt(odd.length);
    for (int i = 0; i < 150; i++) {
      double value = odd[random.nextInt(kinds)];
      double cost = Math.abs(odd[random.nextInt(odd.length)]);
      extractor.observe(
          Step.of(i, cost, List.of("val_accuracy", "train_loss", "train_accuracy"), value, odd[i % kinds], -value));
      float[] features = extractor.features();
      for (int f = 0; f < FeatureExtractor.PRICE; f++) {
        float x = features[f];
        assertTrue(Float.isNaN(x) || Math.abs(x) <= 1 << 24, () -> SCHEMA.names() + " " + x);
      }
    }
  }

  @Test
  void observe_costs_areTheLargestKnownSoFar() {
    FeatureExtractor extractor =
        new FeatureExtractor(RunContext.of(Objective.maximize("em")).withHorizon(Horizon.ofCost(10)));
    double[] costs = {Double.NaN, 1, 2, 5, Double.NaN, 4, -1, Double.POSITIVE_INFINITY, 6};
    float nan = Float.NaN;
    float[] done = {nan, .1f, .2f, .5f, .5f, .5f, .5f, .5f, .6f};
    for (int i = 0; i < costs.length; i++) {
      extractor.observe(Step.of(i, costs[i], "em", i));
      assertEquals(done[i], value(extractor.features(), "time.done"), "at " + i);
    }
  }

  @Test
  void observe_aMillionSteps_allocatesNothingAfterConstruction() {
    RunContext run = Curves.context(Curves.OBJECTIVE);
    List<Step> steps = Curves.run(3, 1000, false);
    float[] features = new float[SCHEMA.size()];
    play(new FeatureExtractor(run), steps, 100_000, features); // Classes, compiled code.
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long start = threads.getThreadAllocatedBytes(thread);
    long overhead = threads.getThreadAllocatedBytes(thread) - start;
    start = threads.getThreadAllocatedBytes(thread);
    FeatureExtractor extractor = new FeatureExtractor(run);
    long size = threads.getThreadAllocatedBytes(thread) - start - overhead;
    start = threads.getThreadAllocatedBytes(thread);
    play(extractor, steps, 1_000_000, features);
    long played = threads.getThreadAllocatedBytes(thread) - start - overhead;
    assertEquals(0, played);
    assertTrue(size <= 3500, "an extractor allocates " + size + " bytes");
  }

  private static void play(FeatureExtractor extractor, List<Step> steps, int count, float[] features) {
    for (int i = 0; i < count; i++) {
      if (extractor.observe(steps.get(i % steps.size()))) {
        extractor.write(features);
      }
    }
  }

  @Test
  void write_leavesThePriceToTheCaller() {
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    float[] features = new float[SCHEMA.size()];
    features[FeatureExtractor.PRICE] = -1;
    extractor.observe(Step.of(1, 1, "em", .5));
    extractor.write(features);
    assertEquals(-1, features[FeatureExtractor.PRICE]);
    assertEquals(Float.NaN, extractor.features()[FeatureExtractor.PRICE]);
    assertEquals("price", SCHEMA.names().get(FeatureExtractor.PRICE));
  }

  @Test
  void write_arrayOfAnotherSize_saysWhichIsRight() {
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    var e = assertThrows(IllegalArgumentException.class, () -> extractor.write(new float[3]));
    assertEquals("features need an array of the schema's size 57, but it was of size 3", e.getMessage());
  }

  @Test
  void observe_stepThatIsNoPoint_saysSo() {
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("em")));
    assertFalse(extractor.observe(Step.of(1, 1, "train_loss", .5)));
    assertEquals(1, value(extractor.features(), "train.present"));
    assertTrue(extractor.observe(Step.of(2, 2, "em", .5)));
  }

  /** If this fails, names or order changed: no published model reads the features any more. */
  @Test
  void schema_isTheOneThatModelsWereTrainedFor() {
    assertEquals(
        "eda9f9337fdee0b8f232a50b2bf82edc269c585108c7333e3d61c1618c9f96d1", SCHEMA.sha256(), SCHEMA::toString);
  }

  static List<float[]> rows(RunContext run, List<Step> steps) {
    FeatureExtractor extractor = new FeatureExtractor(run);
    List<float[]> rows = new ArrayList<>();
    for (Step step : steps) {
      if (extractor.observe(step)) {
        rows.add(extractor.features());
      }
    }
    return rows;
  }

  static float value(float[] features, String name) {
    return features[SCHEMA.indexOf(name)];
  }

  private static List<Step> map(List<Step> steps, DoubleUnaryOperator metric, DoubleUnaryOperator loss) {
    List<Step> mapped = new ArrayList<>();
    for (Step step : steps) {
      double[] values = new double[step.names().size()];
      for (int i = 0; i < values.length; i++) {
        String name = step.names().get(i);
        double value = step.value(name);
        values[i] =
            name.endsWith("accuracy")
                ? metric.applyAsDouble(value)
                : name.equals("train_loss") ? loss.applyAsDouble(value) : value;
      }
      mapped.add(Step.of(step.index(), step.cost(), step.names(), values));
    }
    return mapped;
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      for (int f = 0; f < SCHEMA.size(); f++) {
        assertEquals(expected.get(i)[f], actual.get(i)[f], SCHEMA.names().get(f) + " at point " + (i + 1));
      }
    }
  }

  private static void assertKnown(Map<String, Float> expected, float[] features) {
    Map<String, Float> known = new HashMap<>();
    for (String name : SCHEMA.names()) {
      if (!Float.isNaN(value(features, name))) {
        known.put(name, value(features, name));
      }
    }
    assertEquals(expected, known);
  }
}
