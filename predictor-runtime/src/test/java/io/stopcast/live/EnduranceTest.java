package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.Priors;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watched run takes of memory, and that it stays so. */
class EnduranceTest {
  private static final int STEPS = 1_000_000;
  private static final int CHUNK = 1000;
  private static final RunContext RUN = LiveRuns.context("a", .1);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Step[] steps = new Step[CHUNK];
  private Watcher watcher;

  @BeforeEach
  void watcher() throws Exception {
    Guard guard = new Guard(new Patience(2_000_000), line -> {});
    watcher = new Watcher(new FakeSource(version -> new FakeModel(-3, .01f, () -> {})), guard, System::nanoTime);
  }

  private void prepare(long from) {
    for (int i = 0; i < CHUNK; i++) {
      double value = 1 - 1 / Math.sqrt(1 + from + i) + .1 * Math.sin(from + 3 * i);
      steps[i] = Step.of(1 + from + i, from + i, List.of("val_accuracy", "train_loss"), value, -value);
    }
  }

  private long observe(GuardedWatch watch) {
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CHUNK; i++) {
      if (watch.observe(steps[i]) != Decision.CONTINUE) {
        throw new AssertionError("it should go on");
      }
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void observe_aMillionSteps_takesNoMemoryAndTheSnapshotStaysSmall() throws SnapshotException {
    GuardedWatch watch = watcher.watch(RUN);
    long allocated = 0;
    for (long from = 0; from < STEPS; from += CHUNK) {
      prepare(from);
      long bytes = observe(watch);
      allocated += from < 50_000 ? 0 : bytes; // the virtual machine links and notes at first
    }
    assertTrue(allocated < 8192, allocated + " bytes in " + STEPS + " steps"); // it may note something late
    assertTrue(watch.snapshot().length < 3000, watch.snapshot().length + " bytes");
    assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
  }

  @Test
  void watch_oneRun_takesLessThanFourKibibytes() {
    long bytes = leastAllocated(watcher);
    assertTrue(bytes <= 4096, bytes + " bytes a run");
  }

  @Test
  void watch_taskWith64EarlierRuns_takesLessThanFourKibibytesToo() throws Exception {
    List<EarlierRun> earlier = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      RunContext run = LiveRuns.context("r" + i, i);
      List<Step> points = LiveRuns.steps(i, 50).stream().filter(step -> step.reports("val_accuracy")).toList();
      earlier.add(EarlierRun.of(new Run(run, points, End.COMPLETED)));
    }
    Priors priors = new Priors(Map.of(Priors.key(RUN), TaskHistory.of(earlier)));
    LearnedPolicy policy = FakeSource.policy(FakeModel.moving()).with(priors);
    long bytes = kept(new Watcher(FakeSource.only(policy), new Guard(new Patience(5), line -> {}), System::nanoTime));
    assertTrue(bytes > 2048 && bytes <= 4096, bytes + " bytes a run");
  }

  /** What a watch keeps: without the garbage of looking for the run among the earlier ones. */
  private static long kept(Watcher watcher) {
    GuardedWatch[] watches = new GuardedWatch[10_000];
    long before = 0;
    for (int i = 0; i < watches.length; i++) {
      if (i == watches.length / 2) {
        before = used();
      }
      watches[i] = watcher.watch(RUN);
    }
    long bytes = (used() - before) / (watches.length / 2);
    assertEquals(Decision.CONTINUE, watches[0].observe(LiveRuns.steps(1, 1).get(0))); // they are still in use
    return bytes;
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Counts what is garbage at once too: some hundred bytes. */
  private long leastAllocated(Watcher watcher) {
    GuardedWatch[] watches = new GuardedWatch[1000];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < watches.length; i++) {
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      watches[i] = watcher.watch(RUN);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
