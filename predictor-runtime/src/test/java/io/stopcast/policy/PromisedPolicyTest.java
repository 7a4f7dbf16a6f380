package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelFiles;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A learned policy that is asked for by a limit on the regret instead of a price. */
class PromisedPolicyTest {
  private static final RegretLimit LIMIT = new RegretLimit.Exceeding(.02, .1);
  private static final String BOTH =
      """
      1
      run 0.9 700 exceeding 0.02 0.1
      0.1 0.75
      0.3 0.875
      task 0.9 80 exceeding 0.02 0.1
      0.1 0.95
      0.3 never 7
      """;

  private static ModelFile file(String promises) throws Exception {
    return ModelFile.read(ModelFiles.promising(5, promises), "promising");
  }

  @Test
  void within_limit_takesTheBoldestCertifiedPriceAndItsThresholds() throws Exception {
    LearnedPolicy policy = LearnedPolicy.within(file(BOTH), LIMIT);
    assertEquals(.3, policy.price());
    assertEquals(.875, policy.threshold());
    assertEquals(Double.POSITIVE_INFINITY, policy.thresholdAlone(), "nothing is promised for new tasks at this price");
    assertEquals(Optional.of(LIMIT), policy.limit());
    assertEquals("learned(P(regret > 0.02) <= 0.1, price 0.3, threshold 0.875, alone Infinity)", policy.toString());
  }

  @Test
  void within_limitAndPrice_takesThatPrice() throws Exception {
    LearnedPolicy policy = LearnedPolicy.within(file(BOTH), new RegretLimit.Exceeding(.05, .1), .1);
    assertEquals(.1, policy.price());
    assertEquals(.75, policy.threshold());
    assertEquals(.95, policy.thresholdAlone());
  }

  @Test
  void of_price_isAsWithoutAPromise() throws Exception {
    LearnedPolicy with = LearnedPolicy.of(file(BOTH), .1);
    LearnedPolicy without = LearnedPolicy.of(ModelFile.read(ModelFiles.random(5), "random"), .1);
    assertEquals(without.threshold(), with.threshold());
    assertEquals(without.thresholdAlone(), with.thresholdAlone());
    assertEquals(Optional.empty(), with.limit());
  }

  @Test
  void within_notPromised_saysWhatThereIs() throws Exception {
    ModelFile file = file(BOTH);
    assertEquals(
        "model promising cannot be held to mean regret <= 0.01: it promises P(regret > 0.02) <= 0.1 for a new run of a known task, with"
            + " confidence 0.9 by 700 units (certified at price 0.1, certified at price 0.3); P(regret > 0.02) <= 0.1 for a run of a new"
            + " task, with confidence 0.9 by 80 units (certified at price 0.1, not at price 0.3, for which 7 units were missing). Train it"
            + " with such a limit, on more runs if units were missing",
        assertThrows(IllegalArgumentException.class, () -> LearnedPolicy.within(file, new RegretLimit.Mean(.01))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> LearnedPolicy.within(file, LIMIT, .2), "between prices nothing is certified");
    ModelFile none = ModelFile.read(ModelFiles.random(5), "random");
    assertEquals(
        "model random cannot be held to P(regret > 0.02) <= 0.1: it promises nothing. Train it with such a limit, on more runs if"
            + " units were missing",
        assertThrows(IllegalArgumentException.class, () -> LearnedPolicy.within(none, LIMIT)).getMessage());
  }

  @Test
  void observe_unitOfWhichNothingIsPromised_neverStops() throws Exception {
    LearnedPolicy policy = LearnedPolicy.within(file(BOTH), LIMIT);
    RunContext run = RunContext.of(Objective.maximize("m"));
    assertEquals(Promise.Unit.TASK, policy.unitOf(run), "of a task without earlier runs");
    StopPolicy.Watch watch = policy.watch(run);
    StopPolicy.Watch bold = new LearnedPolicy(policy.model(), .3, 0).watch(run);
    int stops = 0;
    for (int t = 0; t < 50; t++) {
      Step step = Step.of(t, t, "m", Math.sin(t));
      assertEquals(Decision.CONTINUE, watch.observe(step));
      stops += bold.observe(step).isStop() ? 1 : 0;
      assertEquals(bold.score(), watch.score(), "it is asked all the same");
    }
    assertEquals(48, stops);
  }
}
