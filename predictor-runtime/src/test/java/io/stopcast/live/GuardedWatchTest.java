package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Advice;
import io.stopcast.policy.Budget;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardedWatchTest {
  private static final RunContext RUN = LiveRuns.context("a");
  private static final StopPolicy FALLBACK = new Patience(4);

  private final List<String> warnings = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 5; // wraps around soon
  private final FakeModel model = FakeModel.moving();
  private final Watcher watcher = watcher(new FakeSource(version -> model), FALLBACK);

  private Watcher watcher(ModelSource source, StopPolicy fallback) {
    try {
      return new Watcher(source, new Guard(fallback, warnings::add), () -> nanos);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Step point(long index, double value) {
    return Step.of(index, index, "val_accuracy", value);
  }

  private static final UnaryOperator<StopPolicy> AROUND =
      learned ->
          learned
              .advised(new ReduceOnPlateau(0.5, 2))
              .unlessCertain(0.9, new Advice.ReduceLearningRate(0.5))
              .trying(4, 4)
              .or(Budget.ofPoints(50));

  @Test
  void observe_policiesAroundTheModel_decideAsInReplayAndAskOnce() throws Exception {
    Guard guard = new Guard(FALLBACK, warnings::add).around(AROUND);
    Watcher around = new Watcher(new FakeSource(version -> model), guard, () -> nanos);
    int changes = 0;
    for (int seed = 0; seed < 20; seed++) {
      List<Step> steps = LiveRuns.steps(seed, 60);
      List<Decision> expected = LiveRuns.clean(AROUND.apply(FakeSource.policy(model)), RUN, steps);
      GuardedWatch watch = around.watch(RUN);
      for (int i = 0; i < steps.size(); i++) {
        assertEquals(expected.get(i), watch.observe(steps.get(i)), "seed " + seed + ", step " + i);
        assertEquals(Optional.empty(), watch.observe(steps.get(i)).advice(), "asked for twice");
        changes += expected.get(i).advice().isPresent() ? 1 : 0;
        if (i == 30) {
          byte[] snapshot = watch.snapshot();
          SnapshotException other = assertThrows(SnapshotException.class, () -> watcher.resume(RUN, snapshot));
          assertTrue(other.getMessage().startsWith("the snapshot was taken at another price"), other.getMessage());
          watch = around.resume(RUN, snapshot);
        }
      }
      assertFalse(watch.hasFallenBack());
    }
    assertTrue(changes > 20, changes + " changes");
    assertEquals(List.of(), warnings);
  }

  @Test
  void watch_whatIsAroundFails_fallsBack() throws Exception {
    Guard guard = new Guard(FALLBACK, warnings::add).around(learned -> null);
    GuardedWatch watch = new Watcher(new FakeSource(version -> model), guard, () -> nanos).watch(RUN);
    assertTrue(watch.hasFallenBack());
    assertEquals(1, warnings.size());
  }

  @Test
  void observe_nothingGoesWrong_decidesAsThePolicyDoes() {
    int stops = 0;
    for (int seed = 0; seed < 50; seed++) {
      List<Step> steps = LiveRuns.steps(seed, 60);
      List<Decision> expected = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
      GuardedWatch watch = watcher.watch(RUN);
      for (int i = 0; i < steps.size(); i++) {
        assertEquals(expected.get(i), watch.observe(steps.get(i)), "seed " + seed + ", step " + i);
        stops += expected.get(i).isStop() ? 1 : 0;
      }
      assertFalse(watch.hasFallenBack());
    }
    assertTrue(stops > 100, stops + " stops");
    assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
    assertEquals(List.of(), warnings);
  }

  @Test
  void observe_threeFaultsInARow_turnTheModelOffUntilTheNextOne() {
    FakeSource source = new FakeSource(version -> version.equals("0001") ? model : FakeModel.moving());
    Watcher broken = watcher(source, FALLBACK);
    GuardedWatch good = broken.watch(RUN);
    for (int i = 1; i <= 5; i++) {
      good.observe(point(i, i));
    }
    model.faults = () -> FakeModel.Fault.EXCEPTION;
    for (int run = 0; run < 3; run++) {
      assertFalse(good.hasFallenBack());
      GuardedWatch bad = broken.watch(RUN);
      for (int i = 1; i <= 5; i++) {
        bad.observe(point(i, i));
      }
      assertTrue(bad.hasFallenBack());
    }
    model.faults = () -> null;
    good.observe(point(6, 6));
    assertTrue(good.hasFallenBack(), "it is off for all");
    assertTrue(broken.watch(RUN).hasFallenBack());
    assertEquals(
        "W-RT-011 3 faults in a row: model 0001 is off until there is another one; all runs fall back to patience(4 steps)",
        warnings.get(1));
    source.version = "0002";
    assertTrue(broken.refresh());
    GuardedWatch next = broken.watch(RUN);
    for (int i = 1; i <= 5; i++) {
      next.observe(point(i, i));
    }
    assertFalse(next.hasFallenBack());
    assertFalse(Double.isNaN(next.score()));
  }

  @Test
  void observe_faultsWithScoresBetween_doNotTurnTheModelOff() {
    for (int run = 0; run < 10; run++) {
      GuardedWatch watch = watcher.watch(RUN);
      for (int i = 1; i <= 5; i++) {
        watch.observe(point(i, i));
      }
      model.faults = () -> FakeModel.Fault.NAN;
      watch.observe(point(6, 6));
      model.faults = () -> null;
      assertTrue(watch.hasFallenBack());
    }
    assertFalse(watcher.watch(RUN).hasFallenBack());
  }

  @Test
  void observe_budget_stopsWhereThePolicyOrTheBudgetDoes() {
    Budget budget = new Budget(70, 25);
    int byBudget = 0;
    for (int seed = 0; seed < 50; seed++) {
      List<Step> steps = LiveRuns.steps(seed, 60);
      List<Decision> own = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
      List<Decision> both = LiveRuns.clean(FakeSource.policy(model).or(budget), RUN, steps);
      GuardedWatch watch = watcher.watch(RUN, budget);
      for (int i = 0; i < steps.size(); i++) {
        assertEquals(both.get(i), watch.observe(steps.get(i)), "seed " + seed + ", step " + i);
        byBudget += both.get(i).isStop() && !own.get(i).isStop() ? 1 : 0;
      }
    }
    assertTrue(byBudget > 100, byBudget + " stops by the budget");
  }

  @Test
  void observe_budgetAfterAllElseFailed_stops() {
    StopPolicy bad =
        run ->
            step -> {
              throw new IllegalStateException("injected");
            };
    Watcher without = watcher(new FakeSource(version -> model), bad);
    model.faults = () -> FakeModel.Fault.EXCEPTION;
    GuardedWatch watch = without.watch(RUN, Budget.ofCost(10));
    without.close();
    GuardedWatch none = without.watch(RUN, Budget.ofCost(10));
    for (int i = 1; i <= 12; i++) {
      assertEquals(i >= 10, watch.observe(point(i, i)).isStop(), "step " + i);
      assertEquals(i >= 10, none.observe(point(i, i)).isStop(), "step " + i);
    }
    assertTrue(watch.hasFallenBack());
  }

  @ParameterizedTest
  @EnumSource(FakeModel.Fault.class)
  void observe_fallbackFailsToo_goesOn(FakeModel.Fault fault) {
    StopPolicy bad =
        run ->
            step -> {
              fault.score();
              throw new IllegalStateException("injected");
            };
    Watcher without = watcher(new FakeSource(version -> model), bad);
    model.faults = () -> fault;
    GuardedWatch watch = without.watch(RUN);
    for (int i = 1; i <= 20; i++) {
      assertEquals(Decision.CONTINUE, watch.observe(point(i, i)));
    }
    assertEquals(2, without.counts().faults());
    Watcher none = watcher(new FakeSource(version -> model), run -> null);
    assertEquals(Decision.CONTINUE, none.watch(RUN).observe(point(1, 1)));
  }

  @Test
  void observe_takerOfWarningsThrows_isIgnored() throws Exception {
    Guard guard =
        new Guard(
            FALLBACK,
            line -> {
              throw new IllegalStateException(line);
            });
    Watcher loud = new Watcher(new FakeSource(version -> model), guard, () -> nanos);
    model.faults = () -> FakeModel.Fault.EXCEPTION;
    for (int run = 0; run < 4; run++) {
      GuardedWatch watch = loud.watch(RUN);
      for (int i = 1; i <= 5; i++) {
        assertEquals(Decision.CONTINUE, watch.observe(point(i, i)));
      }
    }
  }

  @Test
  void observe_noStepAtAll_goesOn() {
    assertEquals(Decision.CONTINUE, watcher.watch(RUN).observe(null));
    assertEquals(1, watcher.counts().faults());
  }

  @Test
  void observe_fatalError_isPassedOn() {
    StopPolicy lost =
        run ->
            step -> {
              throw new InternalError("injected");
            };
    GuardedWatch watch = watcher(new FakeSource(version -> model), lost).watch(RUN);
    assertThrows(InternalError.class, () -> watch.observe(point(1, 1)));
  }

  @Test
  void observe_callerWithLittleStackLeft_nothingIsThrownByTheGuard() {
    GuardedWatch watch = watcher.watch(RUN);
    model.faults = () -> FakeModel.Fault.STACK_OVERFLOW;
    for (int i = 1; i <= 3; i++) {
      watch.observe(point(i, i));
    }
    assertTrue(watch.hasFallenBack());
    assertEquals(4, watch.best().orElseThrow().step() + 1);
  }

  @Test
  void observe_oldStep_isToldOnceAMinute() {
    GuardedWatch watch = watcher.watch(RUN);
    watch.observe(point(15, 1));
    watch.observe(point(12, 2));
    watch.observe(point(11, 2));
    nanos += 59_999_999_999L;
    watch.observe(point(10, 2));
    assertEquals(List.of("W-RT-021 run \"a\": step 12 after step 15 ignored (1 of this kind so far)"), warnings);
    nanos += 1;
    watch.observe(point(9, 2));
    assertEquals(
        "W-RT-021 run \"a\": step 9 after step 15 ignored (4 of this kind so far) (and 2 warnings since the last one)",
        warnings.get(1));
    assertEquals(4, watcher.counts().old());
    assertEquals(Optional.of(new GuardedWatch.Best(15, 1)), watch.best());
  }

  @Test
  void observe_onlyNan_neverStops() {
    GuardedWatch fallen = watcher(new FakeSource(version -> model), new Patience(1)).watch(RUN);
    model.faults = () -> FakeModel.Fault.NAN;
    for (int i = 1; i <= 5; i++) {
      fallen.observe(point(i, i));
    }
    assertTrue(fallen.hasFallenBack());
    for (int i = 6; i <= 50; i++) {
      assertEquals(Decision.CONTINUE, fallen.observe(point(i, Double.NaN)));
    }
    assertTrue(fallen.observe(point(51, 5)).isStop());
  }

  @Test
  void observe_unusableCosts_areUnknown() {
    GuardedWatch odd = watcher.watch(RUN);
    GuardedWatch unknown = watcher.watch(RUN);
    double[] costs = {1, -1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 5};
    for (int i = 0; i < costs.length; i++) {
      boolean usable = costs[i] > 0 && costs[i] < 10;
      odd.observe(Step.of(i, costs[i], "val_accuracy", i));
      unknown.observe(Step.of(i, usable ? costs[i] : Double.NaN, "val_accuracy", i));
      assertEquals(Double.doubleToLongBits(unknown.score()), Double.doubleToLongBits(odd.score()));
    }
    assertFalse(Double.isNaN(odd.score()));
    assertEquals(3, watcher.counts().unusableCosts());
  }

  @Test
  void close_thenAnything_goesOnQuietly() {
    GuardedWatch watch = watcher.watch(RUN);
    watch.observe(point(1, 1));
    watch.close();
    watch.close();
    assertEquals(Decision.CONTINUE, watch.observe(point(2, 1)));
    assertEquals(Optional.empty(), watch.outlook());
    assertEquals(Optional.empty(), watch.attribution());
    assertThrows(SnapshotException.class, watch::snapshot);
    assertEquals(0, watcher.counts().faults());
  }

  @Test
  void fingerprint_sameReport_doesNotDependOnOrder() {
    Step one = Step.of(1, 1, List.of("a", "b"), 1, 2);
    assertEquals(one.fingerprint(), Step.of(2, 3, List.of("b", "a"), 2, 1).fingerprint());
    assertNotEquals(one.fingerprint(), Step.of(1, 1, List.of("a", "b"), 2, 1).fingerprint());
    assertNotEquals(one.fingerprint(), Step.of(1, 1, List.of("a"), 1).fingerprint());
  }
}
