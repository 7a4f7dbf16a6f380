package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.MinDelta;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Direction;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every policy keeps, of those that stand in the table beside the protocol's own: rules in all settings, and what was made of a history. */
class FurtherPoliciesContractTest {
  private static final List<String> NAMES = List.of("m", "train_loss");
  private static final double[] PRICES = {0.1};

  private final List<Run> training = withTrainLoss(RecordedRuns.history(4, 8, 5));
  private final List<Run> judged = withTrainLoss(RecordedRuns.history(4, 3, 77));

  /** A training loss that falls with the metric, and a NaN now and then; few bits, so that mirroring is exact. */
  private static List<Run> withTrainLoss(List<Run> runs) {
    List<Run> with = new ArrayList<>();
    for (Run run : runs) {
      Random random = new Random(run.context().run().hashCode());
      List<Step> steps = new ArrayList<>();
      for (Step step : run.steps()) {
        double value = random.nextInt(30) == 0 ? Double.NaN : 2 + Math.rint(step.value("m") * 4096) / 4096;
        steps.add(Step.of(step.index(), step.cost(), NAMES, value, 1 / (1.0 + steps.size())));
      }
      with.add(new Run(run.context(), steps, run.end()));
    }
    return with;
  }

  private static List<Run> mirrored(List<Run> runs) {
    return runs.stream()
        .map(
            run ->
                new Run(
                    run.context().withObjective(new Objective("m", Direction.MINIMIZE)),
                    run.steps().stream()
                        .map(s -> Step.of(s.index(), s.cost(), NAMES, -s.value("m"), s.value("train_loss")))
                        .toList(),
                    run.end()))
        .toList();
  }

  /** A learner without a model: what wraps it has to do with nothing else. */
  private static final Learner STILL =
      (history, prices) -> () -> Collections.nCopies(prices.length, new Patience(6, MinDelta.ofSpan(.01)));

  private static List<StopPolicy> policies(List<Run> training) {
    List<ScoredRun> scored = ScoredRun.of(training);
    List<StopPolicy> all = new ArrayList<>();
    FurtherRules.families().forEach(family -> all.addAll(family.settings()));
    for (Contender contender : FurtherLearners.all(STILL)) {
      Learned learned = contender.learner().fit(scored, PRICES);
      all.addAll(learned.policies());
      learned.settings().forEach(setting -> all.add(setting.policy()));
    }
    return all;
  }

  private static List<Boolean> stops(StopPolicy policy, RunContext run, List<Step> steps) {
    StopPolicy.Watch watch = policy.watch(run);
    return steps.stream().map(step -> watch.observe(step).isStop()).toList();
  }

  @Test
  void policies_areMany_andMostStopSomething() {
    List<StopPolicy> policies = policies(training);
    long stopping =
        policies.stream().filter(policy -> judged.stream().anyMatch(run -> stops(policy, run.context(), run.steps()).contains(true))).count();
    assertTrue(policies.size() > 300 && stopping > 0.6 * policies.size(), stopping + " of " + policies.size());
  }

  @Test
  void observe_otherFuture_decidesTheSameUntilThen() {
    for (StopPolicy policy : policies(training)) {
      for (Run run : judged) {
        int now = run.steps().size() / 2;
        List<Step> other = new ArrayList<>(run.steps().subList(0, now));
        run.steps().subList(now, run.steps().size()).forEach(s -> other.add(Step.of(s.index(), s.cost(), "m", -s.value("m"))));
        assertEquals(
            stops(policy, run.context(), run.steps()).subList(0, now), stops(policy, run.context(), other).subList(0, now), policy.toString());
      }
    }
  }

  /** But for rules whose formula takes a metric for positive: the geometric mean has no value for its mirror image. */
  @Test
  void observe_minimisedMirrorImage_decidesTheSame() {
    List<StopPolicy> policies = policies(training);
    List<StopPolicy> others = policies(mirrored(training));
    List<Run> images = mirrored(judged);
    int compared = 0;
    for (int i = 0; i < policies.size(); i++) {
      boolean needsPositive = policies.get(i).toString().contains("train_loss");
      for (int r = 0; r < judged.size() && !needsPositive; r++) {
        compared++;
        assertEquals(
            stops(policies.get(i), judged.get(r).context(), judged.get(r).steps()),
            stops(others.get(i), images.get(r).context(), images.get(r).steps()),
            policies.get(i).toString());
      }
    }
    assertTrue(compared > 3000, compared + " compared");
  }

  @Test
  void observe_otherRunsInBetween_decidesTheSame() {
    for (StopPolicy policy : policies(training)) {
      Run one = judged.get(0);
      Run other = judged.get(1);
      List<Boolean> expected = stops(policy, one.context(), one.steps());
      StopPolicy.Watch watch = policy.watch(one.context());
      StopPolicy.Watch between = policy.watch(other.context());
      for (int i = 0; i < expected.size(); i++) {
        if (i < other.steps().size()) {
          between.observe(other.steps().get(i));
        }
        assertEquals(expected.get(i), watch.observe(one.steps().get(i)).isStop(), policy.toString());
      }
    }
  }

  @Test
  void restore_savedAnywhere_decidesAsOneNeverInterrupted() throws IOException {
    for (StopPolicy policy : policies(training)) {
      for (Run run : judged.subList(0, 4)) {
        List<Boolean> expected = stops(policy, run.context(), run.steps());
        StopPolicy.Watch watch = policy.watch(run.context());
        for (int i = 0; i < expected.size(); i++) {
          if (i % 7 == 3) {
            ByteArrayOutputStream saved = new ByteArrayOutputStream();
            watch.save(new DataOutputStream(saved));
            watch = policy.watch(run.context());
            watch.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
          }
          Decision decision = watch.observe(run.steps().get(i));
          assertEquals(expected.get(i), decision.isStop(), policy.toString());
          assertFalse(decision.isStop() && Double.isNaN(run.steps().get(i).value("m")), policy.toString());
        }
      }
    }
  }
}
