package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Budget;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DecisionLogTest {
  private static final RunContext RUN = LiveRuns.context("a \"run\"\n");
  private static final String NAME = "{\"run\":\"a \\\"run\\\"\\u000a\",";

  private final FakeModel model = FakeModel.moving();
  private final List<String> lines = new ArrayList<>();
  private final Watcher watcher = watcher(new Patience(2));

  private Watcher watcher(StopPolicy fallback) {
    try {
      return new Watcher(new FakeSource(version -> model), new Guard(fallback, line -> {}), System::nanoTime);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void acting_changeIsAskedFor_isLoggedWithItsReason() throws Exception {
    Guard guard = new Guard(StopPolicy.NEVER, line -> {}).around(learned -> StopPolicy.NEVER.advised(new ReduceOnPlateau(0.5, 0)));
    Watcher advised = new Watcher(new FakeSource(version -> model), guard, System::nanoTime);
    try (GuardedWatch watch = advised.watch(RUN, DecisionLog.acting(lines::add))) {
      watch.observe(Step.of(1, 1, "val_accuracy", 0.5));
      watch.observe(Step.of(2, 2, "val_accuracy", 0.5));
    }
    assertFalse(lines.get(1).contains("advice"), lines.get(1));
    assertTrue(
        lines.get(2).endsWith(
            "\"decision\":\"continue\",\"advice\":{\"change\":\"reduce_learning_rate\",\"factor\":0.5,\"policy\":\"reduce-on-plateau(factor 0.5,"
                + " patience 0, min-delta 1.0E-4 of the value)\",\"reason\":\"1 points without enough of a gain on 0.5000\"}}"),
        lines.get(2));
  }

  @Test
  void shadow_anyRun_isNeverStoppedAndItsLogTellsTheDecisions() {
    for (int seed = 0; seed < 20; seed++) {
      lines.clear();
      List<Step> steps = LiveRuns.steps(seed, 40);
      List<Decision> expected = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
      try (GuardedWatch watch = watcher.watch(RUN, DecisionLog.shadow(lines::add))) {
        steps.forEach(step -> assertEquals(Decision.CONTINUE, watch.observe(step)));
      }
      List<String> told = new ArrayList<>();
      long firstStop = -1;
      for (int i = 0; i < steps.size(); i++) {
        if (steps.get(i).reports("val_accuracy")) {
          told.add("\"step\":%d,|\"decision\":\"%s\"".formatted(
              steps.get(i).index(), expected.get(i).isStop() ? "stop" : "continue"));
          firstStop = firstStop < 0 && expected.get(i).isStop() ? steps.get(i).index() : firstStop;
        }
      }
      assertEquals(told.size() + 2, lines.size());
      for (int i = 0; i < told.size(); i++) {
        for (String part : told.get(i).split("\\|")) {
          assertTrue(lines.get(i + 1).contains(part), lines.get(i + 1));
        }
      }
      String end = lines.get(lines.size() - 1);
      assertTrue(firstStop < 0 || end.endsWith("\"stop\":" + firstStop + "}"), end);
      assertEquals(firstStop < 0 ? 0 : 1, lines.stream().filter(line -> line.contains("\"reason\"")).count());
    }
  }

  @Test
  void acting_run_hasAHeadLinesAndAnEnd() {
    try (GuardedWatch watch = watcher.watch(RUN, DecisionLog.acting(lines::add))) {
      watch.observe(Step.of(1, 1, "val_accuracy", .25));
      watch.observe(Step.of(2, Double.NaN, "val_accuracy", Double.NaN));
      watch.observe(Step.of(3, 3, "train_loss", 3));
      watch.observe(Step.of(4, 4, "val_accuracy", .5));
    }
    assertEquals(
        NAME
            + "\"source\":\"lab\",\"task\":\"task\",\"objective\":\"val_accuracy\",\"goal\":\"maximize\",\"planned\":60,"
            + "\"planned_cost\":null,\"cost_unit\":\"steps\",\"model\":\"0001\","
            + "\"sha256\":\"sha-of-0001\",\"price\":0.1,\"shadow\":false}",
        lines.get(0));
    assertEquals(
        NAME
            + "\"step\":1,\"cost\":1.0,\"value\":0.25,\"features\":null,\"score\":null,\"threshold\":0.6,\"model\":\"0001\","
            + "\"by\":\"model\",\"decision\":\"continue\"}",
        lines.get(1));
    assertTrue(lines.get(2).contains("\"cost\":null,\"value\":null,"), lines.get(2));
    assertTrue(
        Pattern.matches(".*\"features\":\"[0-9a-f]{16}\",\"score\":0\\.\\d+,.*", lines.get(3)), lines.get(3));
    assertEquals(
        NAME
            + "\"end\":true,\"ended\":\"unknown\",\"steps_logged\":3,"
            + "\"steps_left_out\":0,\"best\":0.5,\"best_step\":4,\"stop\":4}",
        lines.get(4));
    assertEquals(5, lines.size());
  }

  @Test
  void acting_budgetSpent_isLoggedAsAStopWithTheScore() throws Exception {
    ModelSource source = new FakeSource(version -> new FakeModel(-3, 0, () -> {}));
    Watcher never = new Watcher(source, Guard.DEFAULT, System::nanoTime);
    try (GuardedWatch watch = never.watch(RUN, Budget.ofCost(5), DecisionLog.acting(lines::add))) {
      for (int i = 1; i <= 5; i++) {
        assertEquals(i == 5, watch.observe(Step.of(i, i, "val_accuracy", -i)).isStop(), "step " + i);
      }
    }
    assertTrue(lines.get(4).endsWith("\"by\":\"model\",\"decision\":\"continue\"}"), lines.get(4));
    assertTrue(
        Pattern.matches(
            ".*\"score\":0\\.\\d+,.*\"by\":\"budget\",\"decision\":\"stop\","
                + "\"reason\":\"the budget is spent: cost 5.00000 at point 5\"}",
            lines.get(5)),
        lines.get(5));
    assertTrue(lines.get(6).endsWith("\"stop\":5}"), lines.get(6));
  }

  @Test
  void close_twice_tellsTheFirstEnd() {
    GuardedWatch watch = watcher.watch(RUN, DecisionLog.shadow(lines::add));
    watch.close(End.TARGET);
    watch.close();
    assertEquals(
        NAME + "\"end\":true,\"ended\":\"target\",\"steps_logged\":0,\"steps_left_out\":0}", lines.get(1));
    assertEquals(2, lines.size());
  }

  @Test
  void features_digest_isThatOfTheFeatures() {
    List<String> digests = new ArrayList<>();
    for (double last : new double[] {.5, .5, .6}) {
      lines.clear();
      GuardedWatch watch = watcher.watch(RUN, DecisionLog.acting(lines::add));
      for (int i = 1; i <= 5; i++) {
        watch.observe(Step.of(i, i, "val_accuracy", i < 5 ? i / 10.0 : last));
      }
      digests.add(lines.get(5).replaceAll(".*\"features\":\"(\\w+)\".*", "$1"));
    }
    assertEquals(digests.get(0), digests.get(1));
    assertNotEquals(digests.get(0), digests.get(2));
  }

  @Test
  void mostLines_longRun_keepsTheFirstStop() {
    model.faults = () -> FakeModel.Fault.NAN; // so that patience decides
    try (GuardedWatch watch = watcher.watch(RUN, new DecisionLog(lines::add, true, 3))) {
      for (int i = 1; i <= 50; i++) {
        watch.observe(Step.of(i, i, "val_accuracy", Math.min(i, 10)));
      }
    }
    assertEquals(6, lines.size());
    assertTrue(lines.get(3).contains("\"step\":3,"), lines.get(3));
    assertTrue(lines.get(3).contains("\"by\":\"fallback\""), lines.get(3));
    assertTrue(lines.get(4).contains("\"step\":12,") && lines.get(4).contains("\"reason\":\"the last improvement"), lines.get(4));
    assertTrue(lines.get(5).endsWith("\"steps_left_out\":46,\"best\":10.0,\"best_step\":10,\"stop\":12}"), lines.get(5));
    assertThrows(IllegalArgumentException.class, () -> new DecisionLog(lines::add, true, 0));
  }

  @Test
  void lines_takerThrows_isNotCalledAgainAndTheRunGoesOn() {
    int[] calls = {0};
    DecisionLog log =
        DecisionLog.acting(
            line -> {
              calls[0]++;
              throw new IllegalStateException("disk full");
            });
    List<Step> steps = LiveRuns.steps(3, 40);
    List<Decision> expected = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
    try (GuardedWatch watch = watcher.watch(RUN, log)) {
      for (int i = 0; i < steps.size(); i++) {
        assertEquals(expected.get(i), watch.observe(steps.get(i)));
      }
      assertTrue(!watch.hasFallenBack());
    }
    assertEquals(1, calls[0]);
    assertEquals(1, watcher.counts().faults());
  }

  @Test
  void resume_withLog_saysAfterWhichStep() throws Exception {
    GuardedWatch watch = watcher.watch(RUN);
    watch.observe(Step.of(7, 1, "val_accuracy", .25));
    watcher.resume(RUN, watch.snapshot(), DecisionLog.acting(lines::add)).observe(Step.of(8, 2, "val_accuracy", .5));
    assertEquals(NAME + "\"resumed_after\":7}", lines.get(1));
    assertEquals(3, lines.size());
  }
}
