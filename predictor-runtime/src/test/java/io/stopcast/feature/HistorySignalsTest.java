package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What earlier runs add to the features. */
class HistorySignalsTest {
  /** Two kinds of runs of 32 points: half rise to 1 at once and stay, half are at 0 until the middle, then rise to 2. */
  private static TaskHistory twoKinds() {
    List<EarlierRun> runs = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      double[] values = new double[32];
      for (int t = 1; t < 32; t++) {
        values[t] = i % 2 == 0 ? 1 : t < 16 ? 0 : (t - 15) / 8.0;
      }
      RunContext context = context(Map.of("kind", i % 2 == 0 ? "early" : "late", "rate", (double) i));
      runs.add(
          EarlierRun.of(
              new Run(
                  context, Curves.run(1, values, true), Map.of(), End.COMPLETED)));
    }
    return TaskHistory.of(runs);
  }

  private static RunContext context(Map<String, Object> parameters) {
    return new RunContext("s", "t", "r", Curves.OBJECTIVE, Horizon.ofPoints(32), "samples", parameters);
  }

  private static Map<String, Float> after(FeatureExtractor extractor, double price, double... values) {
    for (Step step : Curves.run(1, values, true)) {
      extractor.observe(step);
    }
    float[] row = new float[FeatureExtractor.schema().size()];
    row[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(price);
    extractor.write(row);
    Map<String, Float> named = new HashMap<>();
    for (int i = 0; i < row.length; i++) {
      named.put(FeatureExtractor.schema().names().get(i), row[i]);
    }
    return named;
  }

  @Test
  void write_likeTheLateOnes_expectsWhatTheyGained() {
    Map<String, Float> features =
        after(new FeatureExtractor(context(Map.of()), twoKinds()), 0.1, 0, 0, 0, 0, 0, 0, 0, 0);

    assertEquals(8 / 32f, features.get("prior.progress"), 1e-6);
    assertEquals(1, features.get("prior.prefix_exceed"), 1e-3);
    assertEquals(1 - 0.1 * 0.75, features.get("prior.prefix_plan"), 1e-3);
    assertEquals(1, features.get("prior.final_100"), 1e-3);
  }

  @Test
  void write_likeTheEarlyOnes_expectsNothing() {
    Map<String, Float> features =
        after(new FeatureExtractor(context(Map.of()), twoKinds()), 0.1, 0, 1, 1, 1, 1, 1, 1, 1);

    assertEquals(0, features.get("prior.level_exceed"), 1e-3);
    assertTrue(features.get("prior.level_plan") < 0);
    assertTrue(features.get("prior.config_exceed").isNaN(), "no hyper-parameters are known");
  }

  @Test
  void write_hyperParameters_chooseTheNeighbours() {
    Map<String, Float> late =
        after(new FeatureExtractor(context(Map.of("kind", "late")), twoKinds()), 0.1, 0, 0.2, 0.2);

    assertEquals(0.9, late.get("prior.config_exceed"), 1e-3);
    Map<String, Float> early =
        after(new FeatureExtractor(context(Map.of("kind", "early")), twoKinds()), 0.1, 0, 0.2, 0.2);
    assertEquals(0.4, early.get("prior.config_exceed"), 1e-3);
  }

  @Test
  void write_unknownPlan_takesTheTypicalLength() {
    Map<String, Float> features =
        after(
            new FeatureExtractor(context(Map.of()).withHorizon(Horizon.UNKNOWN), twoKinds()),
            0.1, 0, 1, 1, 1, 1, 1, 1, 1);

    assertEquals(8 / 32f, features.get("prior.progress"), 1e-6);
    assertTrue(features.get("time.done").isNaN());
  }

  @Test
  void write_noHistory_saysSo() {
    Map<String, Float> features = after(new FeatureExtractor(context(Map.of())), 0.1, 0, 1, 2);

    features.forEach(
        (name, value) -> {
          if (name.equals("prior.runs")) {
            assertEquals(0, value);
          } else if (name.startsWith("prior.")) {
            assertTrue(value.isNaN(), name);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void reprice_otherPrice_equalsWritingAnew(int seed) {
    FeatureExtractor extractor = new FeatureExtractor(context(Map.of("kind", "late", "rate", 3.0)), twoKinds());
    float[] row = new float[FeatureExtractor.schema().size()];
    for (Step step : Curves.run(seed, 32, false)) {
      if (extractor.observe(step)) {
        row[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(0.3);
        extractor.write(row);
        row[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(0.03);
        extractor.reprice(row);
        float[] anew = new float[row.length];
        anew[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(0.03);
        extractor.write(anew);
        assertArrayEquals(anew, row);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void write_lastStepOfACutRun_equalsThatStepOfTheWholeRun(int seed) {
    TaskHistory history = twoKinds();
    List<Step> steps = Curves.run(seed, 40, false);
    FeatureExtractor whole = new FeatureExtractor(context(Map.of("rate", 3.0)), history);
    for (int k = 1; k <= steps.size(); k++) {
      boolean point = whole.observe(steps.get(k - 1));
      FeatureExtractor cut = new FeatureExtractor(context(Map.of("rate", 3.0)), history);
      steps.subList(0, k).forEach(cut::observe);
      if (point) {
        assertArrayEquals(whole.features(), cut.features());
      }
    }
  }

  @Test
  void write_withHistory_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    FeatureExtractor extractor = new FeatureExtractor(context(Map.of("kind", "late", "rate", 3.0)), twoKinds());
    float[] row = new float[FeatureExtractor.schema().size()];
    List<Step> steps = Curves.run(1, 32, true);
    long allocated = 0;
    for (int i = 0; i < 40_000; i++) {
      if (i == 20_000) { // all code is compiled
        allocated = threads.getThreadAllocatedBytes(thread);
      }
      extractor.observe(steps.get(i % steps.size()));
      extractor.write(row);
    }
    allocated = threads.getThreadAllocatedBytes(thread) - allocated;
    assertTrue(allocated < 4096, allocated + " bytes over 20,000 steps");
  }
}
