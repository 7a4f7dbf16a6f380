package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** In what the rules of training libraries differ; that they decide as those do is for {@link RecordedRulesTest}. */
class ToolRulesTest {
  private static final double NAN = Double.NaN;

  @Test
  void observe_firstValueNaN_isTheBestForSome() {
    double[] curve = {NAN, 1, 2, 3, 4};
    assertEquals(3, Watching.stopOf(new KerasEarlyStopping(2, 0), curve));
    assertEquals(3, Watching.stopOf(new BoostingEarlyStopping(2, 0), curve));
    assertEquals(3, Watching.stopOf(new Dl4jScoreImprovement(2, 0), curve));
    assertEquals(0, Watching.stopOf(new LightningEarlyStopping(2, 0), curve));
    assertEquals(0, Watching.stopOf(new TransformersEarlyStopping(2, 0), curve));
    assertEquals(0, Watching.stopOf(new Patience(2), curve));
  }

  @Test
  void observe_smallGains_addUpForAllButTransformers() {
    double[] curve = {1, 1.25, 1.5, 1.75, 2, 2.25};
    assertEquals(0, Watching.stopOf(new KerasEarlyStopping(2, 0.375), curve));
    assertEquals(0, Watching.stopOf(new LightningEarlyStopping(2, 0.375), curve));
    assertEquals(3, Watching.stopOf(new TransformersEarlyStopping(2, 0.375), curve));
  }

  /** 0.92 after 0.91 at a min-delta of 0.01: each tool subtracts something else, and rounds it in its own way. */
  @Test
  void observe_gainOfMinDelta_dependsOnTheRounding() {
    double[] curve = {0.91, 0.92};
    assertEquals(2, Watching.stopOf(new KerasEarlyStopping(1, 0.01), curve));
    assertEquals(2, Watching.stopOf(new BoostingEarlyStopping(1, 0.01), curve));
    assertEquals(0, Watching.stopOf(new Dl4jScoreImprovement(1, 0.01), curve));
    assertEquals(0, Watching.stopOf(new Patience(1, 0.01), curve));
  }

  @Test
  void keras_baseline_mustBeBeatenForThePatienceToStartOver() {
    KerasEarlyStopping policy = new KerasEarlyStopping(2, 0, 0.5, 0);
    assertEquals(0, Watching.stopOf(policy, 0.1, 0.2, 0.3, 0.4, 0.6, 0.6));
    assertEquals(4, Watching.stopOf(policy, 0.1, 0.2, 0.3, 0.3, 0.6, 0.6));
    assertEquals(5, Watching.stopOf(policy, 0.1, 0.2, 0.6, 0.5, 0.5));
  }

  @Test
  void keras_startFromEpoch_doesNotLookAtThoseBefore() {
    assertEquals(5, Watching.stopOf(new KerasEarlyStopping(1, 0, NAN, 3), 9, 8, 7, 6, 6));
  }

  @Test
  void observe_minimised_saysTheMetricsOwnValues() {
    RunContext loss = RunContext.of(Objective.minimize("em"));
    assertEquals(
        new Decision.Stop("keras(patience 2, min-delta 0.25)", "2 points without enough of a gain on 1.000"),
        Watching.firstStop(new KerasEarlyStopping(2, 0.25), loss, 1, 1, 0.75));
  }

  @Test
  void toString_namesTheConfiguration() {
    assertEquals(
        "keras(patience 2, min-delta 0.0, baseline 0.5, from epoch 3)", new KerasEarlyStopping(2, 0, 0.5, 3).toString());
    assertEquals("lightning(patience 3, min-delta 0.1)", new LightningEarlyStopping(3, 0.1).toString());
    assertEquals("transformers(patience 3, threshold 0.1)", new TransformersEarlyStopping(3, 0.1).toString());
    assertEquals("boosting(rounds 3, min-delta 0.1)", new BoostingEarlyStopping(3, 0.1).toString());
    assertEquals("dl4j(epochs 3, min-improvement 0.1)", new Dl4jScoreImprovement(3, 0.1).toString());
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    assertEquals("patience must be at least 0, but was -1", messageOf(() -> new KerasEarlyStopping(-1, 0)));
    assertEquals("patience must be at least 0, but was -1", messageOf(() -> new LightningEarlyStopping(-1, 0)));
    assertEquals("patience must be at least 1, but was 0", messageOf(() -> new TransformersEarlyStopping(0, 0)));
    assertEquals("patience must be at least 1, but was 0", messageOf(() -> new BoostingEarlyStopping(0, 0)));
    assertEquals("patience must be at least 1, but was 0", messageOf(() -> new Dl4jScoreImprovement(0, 0)));
    assertEquals(
        "min-delta must be at least 0 and finite, but was NaN", messageOf(() -> new KerasEarlyStopping(1, NAN)));
    assertEquals(
        "min-delta must be at least 0 and finite, but was -0.1", messageOf(() -> new BoostingEarlyStopping(1, -0.1)));
    assertEquals(
        "the baseline must be finite, or NaN for none, but was Infinity",
        messageOf(() -> new KerasEarlyStopping(1, 0, Double.POSITIVE_INFINITY, 0)));
    assertEquals(
        "the epoch to start from must be at least 0, but was -1", messageOf(() -> new KerasEarlyStopping(1, 0, NAN, -1)));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
