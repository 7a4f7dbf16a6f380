package io.stopcast.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.training.TrainingResult;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import io.stopcast.policy.Advice;
import io.stopcast.policy.Bounds;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.StillLayers;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without an engine: what it makes of the results that a trainer would have. */
class StopListenerTest {
  private static StopListener listener(Objective objective) {
    return new StopListener(RunContext.of(objective), new Patience(3));
  }

  private static TrainingResult result(Map<String, Float> evaluations) {
    TrainingResult result = new TrainingResult();
    result.setEvaluations(evaluations);
    return result;
  }

  private static EarlyStoppedException stopped(StopListener listener, String metric, double... values) {
    for (int i = 0; i < values.length - 1; i++) {
      listener.observe(result(Map.of(metric, (float) values[i], "train_loss", 1f)));
    }
    TrainingResult last = result(Map.of(metric, (float) values[values.length - 1], "train_loss", 1f));
    return assertThrows(EarlyStoppedException.class, () -> listener.observe(last));
  }

  @Test
  void observe_lossNoBetterForLong_stopsWithEpochAndReason() {
    StopListener listener = listener(Objective.minimize("validate_loss"));

    EarlyStoppedException stopped = stopped(listener, "validate_loss", 3, 2, 2.5, 2.25, 2.125);

    assertEquals(5, stopped.getStopEpoch());
    assertEquals("the last improvement, to 2.000 at point 2, is 3 points old", stopped.getMessage());
    assertEquals(stopped.getMessage(), listener.stop().orElseThrow().reason());
    assertEquals(2, listener.bestEpoch());
    assertEquals("step 5 at cost 5.0 {train_loss=1.0, validate_loss=2.125}", listener.steps().get(4).toString());
  }

  /** From 2.5 on each epoch is better than the one before; DJL's own listener would go on. */
  @Test
  void observe_creepingBackFromAPeak_isNoImprovement() {
    StopListener listener = listener(Objective.minimize("validate_loss"));

    assertEquals(6, stopped(listener, "validate_loss", 3, 2, 1.5, 2.5, 2.25, 2).getStopEpoch());
  }

  /** DJL's own listener would take the fall for an improvement. */
  @Test
  void observe_accuracy_isMaximised() {
    StopListener listener = listener(Objective.maximize("validate_Accuracy"));

    assertEquals(5, stopped(listener, "validate_Accuracy", .5, .75, .5, .25, .125).getStopEpoch());
    assertEquals(2, listener.bestEpoch());
  }

  @Test
  void onTrainingBegin_newTrainer_isANewRun() {
    StopListener listener = listener(Objective.minimize("validate_loss"));
    stopped(listener, "validate_loss", 1, 2, 2, 2);

    listener.onTrainingBegin(null);

    assertTrue(listener.stop().isEmpty());
    assertEquals(List.of(), listener.steps());
    assertEquals(0, listener.bestEpoch());
    assertEquals(5, stopped(listener, "validate_loss", 9, 8, 8, 8, 8).getStopEpoch());
  }

  @Test
  void observe_objectiveThatIsNotEvaluated_saysWhatIs() {
    StopListener listener = listener(Objective.maximize("validate_Accuracy"));

    Map<String, Float> others = new HashMap<>(Map.of("validate_loss", 1f, "train_loss", 1f));
    assertEquals(
        "the trainer does not evaluate 'validate_Accuracy'; it evaluates [train_loss, validate_loss]."
            + " Add its evaluator, and this listener behind those that evaluate",
        assertThrows(IllegalStateException.class, () -> listener.observe(result(others))).getMessage());
    assertThrows(IllegalStateException.class, () -> listener.observe(new TrainingResult()));
  }

  @Test
  void observe_changeIsAskedFor_isHandedOver() {
    List<Decision.Continue> changes = new ArrayList<>();
    RunContext run = RunContext.of(Objective.minimize("validate_loss"));
    StopPolicy policy = new Patience(4).advised(new ReduceOnPlateau(0.5, 1)).trying(2, 2).within(Bounds.of(1));
    StopListener listener = new StopListener(run, policy, changes::add);

    assertEquals(8, stopped(listener, "validate_loss", 3, 2, 1, 1, 1, 1, 1, 1).getStopEpoch(), "held back for an epoch");
    assertEquals(List.of(new Advice.ReduceLearningRate(0.5)), changes.stream().map(change -> change.advice().orElseThrow()).toList());
    assertEquals("2 points without enough of a gain on 1.000", changes.get(0).reason());
  }

  @Test
  void observe_unknownSignal_saysWhatThereIs() {
    StopPolicy policy = StopPolicy.NEVER.advised(new StillLayers(List.of("layer_change_1"), 0.1, 3));
    StopListener listener = new StopListener(RunContext.of(Objective.minimize("validate_loss")), policy);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> listener.observe(result(Map.of("validate_loss", 1f))))
            .getMessage()
            .endsWith(" looks at [layer_change_1], which the run does not report; it reports [validate_loss]"));
  }

  @Test
  void observe_noFiniteValue_hasNoBestEpoch() {
    StopListener listener = listener(Objective.minimize("validate_loss"));

    listener.observe(result(Map.of("validate_loss", Float.NaN)));

    assertEquals(0, listener.bestEpoch());
  }
}
