package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.FixedShare;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.PolicyReader;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SelectionTrainingTest {
  private static final double[] PRICE = {.1};
  private static final List<Family> FAMILIES =
      List.of(new Family("early", List.of(new FixedShare(.25))), new Family("late", List.of(StopPolicy.NEVER, new FixedShare(.9))));
  private static final Learner HALF = (training, prices) -> () -> List.of(new FixedShare(.5));

  /** Runs that begin smoothly are done after a quarter, or, where it tells anything, such as begin noisily near the end. */
  private static List<ScoredRun> history(int tasks, boolean tells) {
    List<Run> all = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      for (int i = 0; i < 6; i++) {
        SplittableRandom random = new SplittableRandom(100L * task + i);
        boolean noisy = (task + i) % 2 == 0;
        double end = tells && noisy ? 35 : 10;
        double[] values = new double[40];
        for (int t = 0; t < values.length; t++) {
          values[t] = Math.min(1, (t + 1) / end) + (noisy ? .04 : 1e-3) * random.nextDouble();
        }
        all.add(RecordedRuns.of("t/data" + task, "r" + task + "-" + i, values));
      }
    }
    return ScoredRun.of(all);
  }

  private static SelectionTraining training(List<ScoredRun> runs, Learner learner) {
    return new SelectionTraining(RuleReplays.of(FAMILIES, runs, ShownHorizon.PLANNED, () -> {}), learner, Split.UNSEEN_TASK);
  }

  @Test
  void fit_beginningsThatTell_arePickedByOnUnseenTasks() {
    List<ScoredRun> runs = history(40, true);
    RuleReplays rules = RuleReplays.of(FAMILIES, runs, ShownHorizon.PLANNED, () -> {});
    Folds folds = Split.UNSEEN_TASK.folds(runs, 4, 1);
    Protocol protocol = new Protocol(List.of(.1), 4, 1);
    Results selected = protocol.judge(Split.UNSEEN_TASK, folds, List.of(rules), training(runs, HALF), () -> {}).get(0);
    Results alone = protocol.judge(Split.UNSEEN_TASK, folds, List.of(rules), HALF, () -> {}).get(0);
    Rivals rivals = new Rivals(Map.of("selected", selected, "alone", alone));
    String single = rivals.bestSingle(List.of("alone"), 0);
    assertTrue(rivals.compare("selected", single, 0).high() < -.005, rivals.compare("selected", single, 0).toString());
    assertTrue(rivals.compare("selected", "alone", 0).wins() > .9, rivals.compare("selected", "alone", 0).toString());
  }

  @Test
  void fit_beginningsThatDoNotTell_leaveTheSingleBest() {
    List<ScoredRun> runs = history(40, false);
    Chosen chosen = training(runs, HALF).fit(runs, PRICE);
    assertEquals(new PolicyChoice(5, .1, List.of(), "fixed-share(0.25 of plan)"), chosen.choices().get(0));
    assertEquals(List.of(new FixedShare(.25)), chosen.policies());
  }

  @Test
  void fit_learnedIsBestEverywhere_isChosenAlone() {
    List<ScoredRun> runs = history(40, false);
    Learner oracle = (training, prices) -> () -> List.of(new FixedShare(.26)); // one point after the end of all
    RuleReplays rules =
        RuleReplays.of(List.of(new Family("late", List.of(StopPolicy.NEVER, new FixedShare(.9)))), runs, ShownHorizon.PLANNED, () -> {});
    Chosen chosen = new SelectionTraining(rules, oracle, Split.UNSEEN_TASK).fit(runs, PRICE);
    assertEquals("learned(price 0.1)", chosen.choices().get(0).otherwise());
    assertEquals(List.of(new FixedShare(.26)), chosen.policies());
  }

  @Test
  void fit_again_isTheSameFile() {
    List<ScoredRun> runs = history(40, true);
    PolicyFile one = training(runs, HALF).fit(runs, PRICE).choices().get(0).file().orElseThrow();
    PolicyFile again = training(runs, HALF).fit(runs, PRICE).choices().get(0).file().orElseThrow();
    assertEquals(one.text(), again.text());
    PolicyReader reader = new PolicyReader().with(price -> new FixedShare(.5));
    assertEquals(one.policy(reader), PolicyFile.parse(one.text()).policy(reader));
    assertTrue(one.text().startsWith("# Which policy watches which run"), one.text());
    assertTrue(one.text().contains("choose: after 5 points and 0.1 of plan\n"), one.text());
  }
}
