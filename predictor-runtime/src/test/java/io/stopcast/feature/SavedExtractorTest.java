package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An extractor that was saved goes on bit for bit as if nothing had happened. */
class SavedExtractorTest {
  private static final RunContext RUN = run("own", .01);

  private static RunContext run(String name, double rate) {
    RunContext any = Curves.context(Curves.OBJECTIVE);
    Map<String, Object> parameters = Map.of("rate", rate, "layers", (int) (rate * 1000) % 3);
    return new RunContext("lab", "task", name, any.objective(), any.horizon(), "steps", parameters);
  }

  private static TaskHistory history(int runs) {
    List<EarlierRun> earlier = new ArrayList<>();
    for (int seed = 0; seed < runs; seed++) {
      List<Step> steps = Curves.run(7L * seed, 40 + seed, true);
      earlier.add(EarlierRun.of(new Run(run("r" + seed, .001 * (1 + seed)), steps, End.COMPLETED)));
    }
    return TaskHistory.of(earlier);
  }

  @ParameterizedTest(name = "{0} earlier runs, {1} steps")
  @CsvSource({"0, 300", "2, 120", "64, 150"})
  void restore_savedAtAnyStep_givesTheSameFeatures(int earlierRuns, int length) throws IOException {
    TaskHistory history = history(earlierRuns);
    for (int seed = 0; seed < 21; seed++) {
      Random random = new Random(seed);
      FeatureExtractor never = new FeatureExtractor(RUN, history);
      FeatureExtractor saved = new FeatureExtractor(RUN, history);
      for (Step step : Curves.run(seed, length, false)) {
        if (random.nextInt(8) == 0) {
          saved = restored(saved, history);
        }
        assertEquals(never.observe(step), saved.observe(step));
        if (random.nextInt(3) > 0) { // features need not be asked for at every point
          float[] expected = priced();
          never.write(expected);
          float[] actual = priced();
          saved.write(actual);
          assertArrayEquals(bits(expected), bits(actual), "seed " + seed + " at " + step.index());
        }
      }
    }
  }

  @ParameterizedTest(name = "cut after {0} bytes")
  @CsvSource({"0", "1", "100", "900"})
  void restore_cutOff_saysSo(int length) throws IOException {
    FeatureExtractor extractor = new FeatureExtractor(RUN);
    for (Step step : Curves.run(3, 100, true)) {
      extractor.observe(step);
    }
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    extractor.save(new DataOutputStream(saved));
    ByteArrayInputStream in = new ByteArrayInputStream(saved.toByteArray(), 0, length);
    assertThrows(IOException.class, () -> new FeatureExtractor(RUN).restore(new DataInputStream(in)));
  }

  private static float[] priced() {
    float[] features = new float[FeatureExtractor.schema().size()];
    features[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(.1);
    return features;
  }

  private static int[] bits(float[] features) {
    int[] bits = new int[features.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(features[i]);
    }
    return bits;
  }

  private static FeatureExtractor restored(FeatureExtractor extractor, TaskHistory history) throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    extractor.save(new DataOutputStream(saved));
    FeatureExtractor restored = new FeatureExtractor(RUN, history);
    ByteArrayInputStream in = new ByteArrayInputStream(saved.toByteArray());
    restored.restore(new DataInputStream(in));
    assertEquals(0, in.available(), "bytes that nobody read");
    return restored;
  }
}
