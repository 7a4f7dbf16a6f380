package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelFiles;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Map;
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
  void within_families_areStoppedByTheirOwnThresholds() throws Exception {
    ModelFile file = file(BOTH.replace("0.3 never 7\n", "0.3 never 7\nof 50 vision\n0.1 0.5\n0.3 0.625\nof 40 text\n0.1 never 2\n0.3 never 2\n"));
    LearnedPolicy policy = LearnedPolicy.within(file, LIMIT);
    RunContext run = RunContext.of(Objective.maximize("m"));
    assertEquals(Double.POSITIVE_INFINITY, policy.thresholdFor(run), "of a family without a certificate");
    assertEquals(.625, policy.thresholdFor(ofFamily(run, "vision")));
    assertEquals(Double.POSITIVE_INFINITY, policy.thresholdFor(ofFamily(run, "text")));
    assertEquals(.95, LearnedPolicy.within(file, LIMIT, .1).thresholdFor(run));
    assertEquals(Double.POSITIVE_INFINITY, LearnedPolicy.within(file, LIMIT, .1).thresholdFor(ofFamily(run, "text")), "though others are stopped");
    RunContext bySource =
        new RunContext("vision", run.task(), run.run(), run.objective(), run.horizon(), run.costUnit(), run.parameters());
    assertEquals(.625, policy.thresholdFor(bySource), "the source is the family of a run that names none");
    assertEquals(
        "learned(P(regret > 0.02) <= 0.1, price 0.3, threshold 0.875, alone Infinity, families {}, alone {text=Infinity, vision=0.625})",
        policy.toString());
    assertEquals(LearnedPolicy.of(file, .3).thresholdAlone(), LearnedPolicy.of(file, .3).thresholdFor(ofFamily(run, "vision")), "at a price alone");
    int stops = 0;
    StopPolicy.Watch watch = policy.watch(ofFamily(run, "vision"));
    StopPolicy.Watch same = new LearnedPolicy(policy.model(), .3, .625).watch(run);
    for (int t = 0; t < 50; t++) {
      Step step = Step.of(t, t, "m", Math.sin(t));
      assertEquals(same.observe(step).isStop(), watch.observe(step).isStop());
      stops += same.score() >= .625 ? 1 : 0;
    }
    assertTrue(stops > 0);
  }

  private static RunContext ofFamily(RunContext c, String family) {
    return new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), Map.of("family", family));
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
