package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Budget;
import io.stopcast.policy.Decision;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.IncToDec;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final RunContext RUN = LiveRuns.context("a");
  private static final StopPolicy FALLBACK = new Patience(4).and(new FixedShare(.2)).or(new IncToDec(.1, 20)).notBefore(3);

  private final FakeSource source = new FakeSource(version -> FakeModel.moving());
  private final Watcher watcher = watcher(source, FALLBACK);

  private static Watcher watcher(ModelSource source, StopPolicy fallback) {
    try {
      return new Watcher(source, new Guard(fallback, line -> {}), System::nanoTime);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private byte[] snapshot() throws SnapshotException {
    GuardedWatch watch = watcher.watch(RUN);
    LiveRuns.steps(1, 40).forEach(watch::observe);
    return watch.snapshot();
  }

  private static String refusal(Watcher watcher, RunContext run, byte[] snapshot) {
    return assertThrows(SnapshotException.class, () -> watcher.resume(run, snapshot)).getMessage();
  }

  @Test
  void resume_elsewhere_goesOnAsIfNeverInterrupted() throws Exception {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      GuardedWatch never = watcher.watch(RUN);
      GuardedWatch moved = watcher.watch(RUN);
      for (Step step : LiveRuns.steps(seed, 60)) {
        if (random.nextInt(10) == 0) {
          byte[] snapshot = moved.snapshot();
          moved = watcher(source, FALLBACK).resume(RUN, snapshot);
          assertEquals(Arrays.toString(snapshot), Arrays.toString(moved.snapshot()), "nothing is lost");
        }
        Decision expected = never.observe(step);
        assertEquals(expected, moved.observe(step));
        assertEquals(Double.doubleToLongBits(never.score()), Double.doubleToLongBits(moved.score()));
        assertEquals(never.best(), moved.best());
      }
      assertEquals(never.observe(LiveRuns.steps(seed, 60).get(0)), Decision.CONTINUE);
    }
  }

  @Test
  void resume_runThatHadFallenBack_stays() throws Exception {
    FakeModel model = FakeModel.moving();
    Watcher failing = watcher(new FakeSource(version -> model), FALLBACK);
    GuardedWatch watch = failing.watch(RUN);
    model.faults = () -> FakeModel.Fault.NAN;
    List<Step> steps = LiveRuns.steps(5, 60);
    List<Decision> spare = LiveRuns.clean(FALLBACK, RUN, steps);
    for (int i = 0; i < steps.size(); i++) {
      if (i == 30) {
        assertTrue(watch.hasFallenBack());
        watch = watcher(source, FALLBACK).resume(RUN, watch.snapshot());
        assertTrue(watch.hasFallenBack());
      }
      assertEquals(spare.get(i), watch.observe(steps.get(i)));
    }
  }

  @Test
  void resume_stepThatCameLastOnceMore_repeatsTheDecision() throws Exception {
    GuardedWatch watch = watcher.watch(RUN);
    Decision decision = Decision.CONTINUE;
    Step last = null;
    for (Step step : LiveRuns.steps(2, 60)) {
      last = step;
      decision = watch.observe(step);
      if (decision.isStop()) {
        break;
      }
    }
    assertTrue(decision.isStop());
    assertEquals(decision, watcher.resume(RUN, watch.snapshot()).observe(last));
  }

  @Test
  void resume_runWithABudget_hasSpentWhatItHad() throws Exception {
    Budget budget = Budget.ofPoints(5);
    GuardedWatch watch = watcher.watch(RUN, budget);
    for (int i = 1; i <= 3; i++) {
      assertEquals(Decision.CONTINUE, watch.observe(Step.of(i, i, "val_accuracy", 0)));
    }
    byte[] snapshot = watch.snapshot();
    GuardedWatch resumed = watcher.resume(RUN, snapshot, budget);
    assertEquals(Decision.CONTINUE, resumed.observe(Step.of(4, 4, "val_accuracy", 0)));
    assertEquals(watch.observe(Step.of(4, 4, "val_accuracy", 0)), Decision.CONTINUE);
    Decision stop = resumed.observe(Step.of(5, 5, "val_accuracy", 0));
    assertEquals("budget(5 points): the budget is spent: cost 5.00000 at point 5", stop.toString());
    assertEquals(stop, watch.observe(Step.of(5, 5, "val_accuracy", 0)));
  }

  @Test
  void resume_otherBudget_isRefused() throws Exception {
    String message =
        "the snapshot was taken at another price, with another fallback policy or with another budget than 0.1, %s and %s;"
            + " resume with the same";
    byte[] with = watcher.watch(RUN, Budget.ofPoints(5)).snapshot();
    byte[] without = snapshot();
    assertEquals(message.formatted(FALLBACK, "none"), refusal(watcher, RUN, with));
    for (byte[] other : new byte[][] {with, without}) {
      SnapshotException e =
          assertThrows(SnapshotException.class, () -> watcher.resume(RUN, other, Budget.ofPoints(6)));
      assertEquals(message.formatted(FALLBACK, "budget(6 points)"), e.getMessage());
    }
    assertEquals(1, watcher.modelsHeld());
  }

  @Test
  void resume_anyBitWrong_isRefused() throws Exception {
    byte[] snapshot = snapshot();
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = snapshot.clone();
      int at = i < 300 ? i : random.nextInt(damaged.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertThrows(SnapshotException.class, () -> watcher.resume(RUN, damaged), "byte " + at);
    }
    for (int length = 0; length < snapshot.length; length += 1 + length / 20) {
      byte[] cut = Arrays.copyOf(snapshot, length);
      assertThrows(SnapshotException.class, () -> watcher.resume(RUN, cut), "cut at " + length);
    }
    byte[] longer = Arrays.copyOf(snapshot, snapshot.length + 1);
    assertTrue(refusal(watcher, RUN, longer).contains("its checksum is wrong"));
    assertEquals(1, watcher.modelsHeld());
  }

  @Test
  void resume_otherRunPriceFallbackOrModel_saysWhich() throws Exception {
    byte[] snapshot = snapshot();
    String otherRun = "the snapshot is of another run than %s, or of one whose objective, plan or parameters were others";
    assertEquals(otherRun.formatted("\"b\""), refusal(watcher, LiveRuns.context("b"), snapshot));
    assertEquals(otherRun.formatted("\"a\""), refusal(watcher, RUN.withHorizon(Horizon.ofPoints(61)), snapshot));
    assertEquals(
        "the snapshot was taken at another price, with another fallback policy or with another budget than 0.1, never and none; resume with the same",
        refusal(watcher(source, StopPolicy.NEVER), RUN, snapshot));
    Watcher dearer =
        watcher(FakeSource.only(new LearnedPolicy(FakeModel.moving(), .3, FakeSource.THRESHOLD)), FALLBACK);
    assertTrue(refusal(dearer, RUN, snapshot).startsWith("the snapshot was taken at another price"));
    Snapshot of = Snapshot.of(snapshot);
    Snapshot other = new Snapshot(of.schema(), of.run(), of.terms(), of.version(), "another", of.memory());
    assertEquals(
        "model 0001 is not the one with which the run started: its sha256 is sha-of-0001, but was \"another\"",
        refusal(watcher, RUN, other.bytes()));
    FakeSource gone = new FakeSource(version -> FakeModel.moving());
    gone.version = "0002";
    Watcher without = watcher(gone, FALLBACK);
    gone.failure = new IOException("deleted");
    assertEquals(
        "model \"0001\", with which the run started, is not there: deleted", refusal(without, RUN, snapshot));
  }

  @Test
  void resume_otherFormatOrSchema_saysWhichRuntimeToUse() throws Exception {
    byte[] format = snapshot();
    format[4] = 9;
    assertEquals(
        "the snapshot is of format 9, but this runtime reads 1; resume with the runtime that took it",
        refusal(watcher, RUN, format));
    Snapshot of = Snapshot.of(snapshot());
    Snapshot schema = new Snapshot(of.schema() + 1, of.run(), of.terms(), of.version(), of.sha256(), of.memory());
    assertEquals(
        "the snapshot is of another feature schema than v5 of this runtime; resume with the runtime that took it",
        refusal(watcher, RUN, schema.bytes()));
    assertEquals("the 3 bytes are no snapshot of a watch", refusal(watcher, RUN, new byte[3]));
    byte[] memory = Arrays.copyOf(of.memory(), of.memory().length - 1);
    Snapshot cut = new Snapshot(of.schema(), of.run(), of.terms(), of.version(), of.sha256(), memory);
    assertTrue(refusal(watcher, RUN, cut.bytes()).startsWith("the snapshot of run \"a\" cannot be read"));
    byte[] more = Arrays.copyOf(of.memory(), of.memory().length + 1);
    Snapshot tail = new Snapshot(of.schema(), of.run(), of.terms(), of.version(), of.sha256(), more);
    assertEquals(
        "the snapshot of run \"a\" cannot be read: something is left over", refusal(watcher, RUN, tail.bytes()));
  }

  @Test
  void snapshot_fallbackThatCannotBeSaved_saysSo() {
    Watcher other = watcher(source, run -> step -> Decision.CONTINUE);
    SnapshotException e = assertThrows(SnapshotException.class, other.watch(RUN)::snapshot);
    assertTrue(e.getMessage().contains("its policy does not say how"), e.getMessage());
  }

  @Test
  void snapshot_parametersOfAnotherTypeButSameNumber_areTheSame() throws Exception {
    RunContext one = with(1);
    RunContext other = with(1.0);
    watcher.resume(other, watcher.watch(one).snapshot());
    assertTrue(refusal(watcher, with("1"), watcher.watch(one).snapshot()).contains("parameters"));
  }

  private static RunContext with(Object layers) {
    return new RunContext(
        RUN.source(), RUN.task(), RUN.run(), RUN.objective(), RUN.horizon(), RUN.costUnit(), Map.of("layers", layers));
  }
}
