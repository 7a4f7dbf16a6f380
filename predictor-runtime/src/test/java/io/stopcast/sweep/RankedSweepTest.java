package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RankedSweepTest {
  private static final double[] GOOD = {0, 4, 6, 7, 8};
  private static final double[] BAD = {0, 1, 2, 2, 3};

  /** Keeps what it is asked, and always answers the same. */
  private record Listening(List<float[]> asked, float margin) implements StopModel {
    @Override
    public FeatureSchema schema() {
      return RankedSweep.schema();
    }

    @Override
    public float margin(float[] features) {
      asked.add(features.clone());
      return margin;
    }

    @Override
    public void close() {}
  }

  private static double of(float[] row, String feature) {
    return row[RankedSweep.schema().indexOf(feature)];
  }

  /** What the trees are asked while a bad run goes by after a good one and beside an empty one. */
  private static List<float[]> asked(RunContext context, DoubleUnaryOperator scale, StopPolicy policy) {
    List<float[]> asked = new ArrayList<>();
    Sweep sweep = new RankedSweep(policy, new Listening(asked, -1), 0.5, 0).sweep();
    RunContext run = context.withHorizon(Horizon.ofPoints(10));
    Played.complete(sweep, run, Arrays.stream(GOOD).map(scale).toArray());
    sweep.watch(run);
    Sweep.Watch bad = sweep.watch(run);
    Played.stopOf(bad, Arrays.stream(BAD).map(scale).toArray());
    return asked;
  }

  @Test
  void observe_aRunBehindAnother_tellsWhereItStands() {
    List<float[]> asked = asked(Played.MAX, x -> x, new Played.Expecting(1));
    assertEquals(3, asked.size(), "from the third point on, and not before another has a value");
    float[] row = asked.get(2);
    assertEquals(1, of(row, "rank"));
    assertEquals(1, of(row, "rank_here"));
    assertEquals(1, of(row, "rank_halfway"), "2.5 points: 1 against 4");
    assertEquals(5 / 10.0, of(row, "gap_of_spread"), 1e-6, "5 behind in a spread of 5");
    assertEquals(5 / 8.0, of(row, "gap_of_rise"), 1e-6, "and itself risen by 3");
    assertEquals(5 / 13.0, of(row, "gap_of_incumbents_rise"), 1e-6);
    assertEquals(5 / 6.0, of(row, "gap_of_gain_high"), 1e-6);
    assertEquals(5 / 10.0, of(row, "gap_here"), 1e-6);
    assertEquals(5 / 10.0, of(row, "gap_to_mean_here"), 1e-6);
    assertEquals(0.5, of(row, "done"), 1e-6);
    assertEquals(0, of(row, "since_best"));
    assertEquals(1, of(row, "completed"));
    assertEquals(1 / 9.0, of(row, "runs"), 1e-6, "one of which anything is known");
    assertEquals(0.5, of(row, "incumbent_ahead"), 1e-6, "it was as far");
    assertTrue(Double.isNaN(of(row, "score")), "the policy has none");
    assertEquals(1 / 5.0, of(asked.get(1), "since_best") - 1 / 20.0, 1e-6, "one of four points");
  }

  @Test
  void observe_otherUnitOrDirection_asksTheSame() {
    List<float[]> asked = asked(Played.MAX, x -> x, StopPolicy.NEVER);
    List<float[]> scaled = asked(Played.MAX, x -> 1024 * x + 64, StopPolicy.NEVER);
    List<float[]> mirrored = asked(Played.MIN, x -> -x, StopPolicy.NEVER);
    for (int i = 0; i < asked.size(); i++) {
      assertArrayEquals(asked.get(i), scaled.get(i));
      assertArrayEquals(asked.get(i), mirrored.get(i));
    }
  }

  @Test
  void observe_certainOfAStop_keepsTheBest() {
    Sweep sweep = new RankedSweep(StopPolicy.NEVER, new Listening(new ArrayList<>(), 4), 0.9, 1).sweep();
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), GOOD), "nothing to compare it with");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 0, 0, 9, 9), "the best");
    Sweep.Watch watch = sweep.watch(Played.MAX);
    assertEquals(3, Played.stopOf(watch, BAD));
    assertEquals(
        new Decision.Stop(
            "ranked(never, threshold 0.9000, best 1 kept)",
            "the sweep does without the rest of the run with probability 0.982 (at least 0.900): 2 of 3 runs are better than its best value 3"),
        watch.observe(Played.step(6, 3)));
  }

  @Test
  void observe_nothingFinite_isNotJudged() {
    List<float[]> asked = new ArrayList<>();
    Sweep sweep = new RankedSweep(StopPolicy.NEVER, new Listening(asked, 4), 0, 0).sweep();
    Played.complete(sweep, Played.MAX, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), GOOD));
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    assertEquals(List.of(), asked);
  }

  @Test
  void constructor_nonsense_saysWhatIsWrong() {
    StopModel trees = new Listening(List.of(), 0);
    StopModel forRuns =
        new StopModel() {
          @Override
          public FeatureSchema schema() {
            return FeatureExtractor.schema();
          }

          @Override
          public float margin(float[] features) {
            return 0;
          }

          @Override
          public void close() {}
        };
    String message =
        assertThrows(IllegalArgumentException.class, () -> new RankedSweep(StopPolicy.NEVER, forRuns, 0.5, 0)).getMessage();
    assertTrue(message.startsWith("these are no trees for sweeps: "), message);
    assertEquals(
        "the threshold must be a probability within 0..1, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> new RankedSweep(StopPolicy.NEVER, trees, Double.NaN, 0)).getMessage());
    assertEquals(
        "0 or more of the best runs are kept, but were to be -1",
        assertThrows(IllegalArgumentException.class, () -> new RankedSweep(StopPolicy.NEVER, trees, 0.5, -1)).getMessage());
    assertFalse(RankedSweep.schema().names().isEmpty());
  }
}
