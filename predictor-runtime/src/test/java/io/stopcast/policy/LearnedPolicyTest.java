package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.StopModel;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedPolicyTest extends StopPolicyContract {
  @Override
  Stream<StopPolicy> policies() {
    return Stream.of(new LearnedPolicy(new HandMadeModel(), 0.1, 0.6), new LearnedPolicy(new HandMadeModel(), 0.3, 0.9));
  }

  @Test
  void observe_score_isTheModelsProbabilityAndStopsAtTheThreshold() {
    StopPolicy.Watch watch =
        new LearnedPolicy(new HandMadeModel(), 0.1, 0.6)
            .watch(RunContext.of(Objective.maximize("m")).withHorizon(Horizon.ofPoints(60)));
    assertTrue(Double.isNaN(watch.score()));
    int stops = 0;
    for (int t = 0; t < 60; t++) {
      Decision decision = watch.observe(Step.of(t, t, "m", Math.sin(t * t)));
      assertEquals(watch.score() >= 0.6, decision.isStop());
      stops += decision.isStop() ? 1 : 0;
    }
    assertTrue(stops > 0 && stops < 60, stops + " of 60");
  }

  @Test
  void constructor_modelForOtherFeatures_namesTheFirstDifference() {
    StopModel other =
        new StopModel() {
          @Override
          public FeatureSchema schema() {
            return new FeatureSchema(1, List.of("em.last"));
          }

          @Override
          public float margin(float[] features) {
            return 0;
          }

          @Override
          public void close() {}
        };
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new LearnedPolicy(other, 0.1, 0.5));
    assertTrue(e.getMessage().contains("first difference at position 0: expected 'em.last', found '"), e.getMessage());
  }

  @ParameterizedTest(name = "price {0}, threshold {1}")
  @CsvSource({
    "-1, 0.5, 'the price must be positive, such as 0.1, but was -1.0'",
    "NaN, 0.5, 'the price must be positive, such as 0.1, but was NaN'",
    "0.1, 2, 'the threshold must be a probability within 0..1, but was 2.0'"
  })
  void constructor_nonsense_saysWhatWouldBeRight(double price, double threshold, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> new LearnedPolicy(new HandMadeModel(), price, threshold))
            .getMessage());
  }
}
