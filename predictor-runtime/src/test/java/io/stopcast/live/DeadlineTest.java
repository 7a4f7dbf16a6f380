package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
  private static final RunContext RUN = LiveRuns.context("a");
  private static final StopPolicy FALLBACK = new Patience(4);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final AtomicInteger closed = new AtomicInteger();
  private final FakeModel model = new FakeModel(-3, 1, closed::incrementAndGet);
  private final List<String> warnings = new ArrayList<>();
  private final Semaphore progress = new Semaphore(0);

  @AfterEach
  void shutDown() throws Exception {
    pool.shutdownNow();
    assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
  }

  private Watcher watcher(Executor executor, Duration limit) throws Exception {
    Guard guard = new Guard(FALLBACK, warnings::add).with(new Deadline(executor, limit));
    return new Watcher(new FakeSource(version -> model), guard, System::nanoTime);
  }

  private static Step point(long index) {
    return Step.of(index, index, "val_accuracy", index);
  }

  private static void observe(GuardedWatch watch, int from, int to) {
    for (int i = from; i <= to; i++) {
      watch.observe(point(i));
    }
  }

  /** Makes the model answer only once it is let. */
  private CountDownLatch hang() {
    CountDownLatch latch = new CountDownLatch(1);
    model.faults =
        () -> {
          progress.release();
          try {
            latch.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return null;
        };
    return latch;
  }

  /** Runs a task on the pool, and returns when it hangs or is done. */
  private void untilItHangs(Runnable task) {
    pool.execute(
        () -> {
          task.run();
          progress.release();
        });
    progress.acquireUninterruptibly();
  }

  private void finish() throws Exception {
    pool.shutdown();
    assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void observe_answersInTime_decidesAsThePolicyDoes(boolean onAnotherThread) throws Exception {
    Watcher watcher = watcher(onAnotherThread ? pool : Runnable::run, LONG);
    for (int seed = 0; seed < 20; seed++) {
      List<Step> steps = LiveRuns.steps(seed, 60);
      List<Decision> expected = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
      GuardedWatch watch = watcher.watch(RUN);
      for (int i = 0; i < steps.size(); i++) {
        if (i == 30) {
          watch = watcher.resume(RUN, watch.snapshot());
        }
        assertEquals(expected.get(i), watch.observe(steps.get(i)), "seed " + seed + ", step " + i);
      }
      assertFalse(watch.hasFallenBack());
    }
    assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
  }

  @Test
  void observe_modelHangs_fallsBackAndTheLateAnswerIsThrownAway() throws Exception {
    Watcher watcher = watcher(this::untilItHangs, SHORT);
    GuardedWatch watch = watcher.watch(RUN);
    CountDownLatch latch = hang();
    List<Step> steps = LiveRuns.steps(5, 60);
    List<Decision> spare = LiveRuns.clean(FALLBACK, RUN, steps);
    for (int i = 0; i < steps.size(); i++) {
      assertEquals(watch.hasFallenBack() ? spare.get(i) : Decision.CONTINUE, watch.observe(steps.get(i)), "step " + i);
    }
    assertTrue(watch.hasFallenBack());
    assertTrue(watcher.resume(RUN, watch.snapshot()).hasFallenBack());
    latch.countDown();
    finish();
    assertTrue(Double.isNaN(watch.score()));
    assertEquals(1, watcher.counts().faults());
    assertEquals(
        List.of(
            "W-RT-010 scoring failed (TimeoutException: \"no answer within 1.0 ms\"); run \"a\" goes on with patience(4 steps)"),
        warnings);
  }

  @Test
  void close_modelIsAskedStill_isClosedOnceThatIsOver() throws Exception {
    Watcher watcher = watcher(this::untilItHangs, SHORT);
    CountDownLatch latch = hang();
    GuardedWatch watch = watcher.watch(RUN);
    observe(watch, 1, 5);
    assertTrue(watch.hasFallenBack());
    watch.close();
    watcher.close();
    assertEquals(0, closed.get());
    latch.countDown();
    finish();
    assertEquals(1, closed.get());
    assertEquals(0, watcher.modelsHeld());
    assertEquals(1, watcher.counts().faults(), "it was not used after it was closed");
  }

  @Test
  void observe_executorNeverBegins_theQuestionIsNotPutLater() throws Exception {
    Deque<Runnable> queue = new ArrayDeque<>();
    Watcher watcher = watcher(queue::add, SHORT);
    GuardedWatch watch = watcher.watch(RUN);
    observe(watch, 1, 5);
    assertTrue(watch.hasFallenBack());
    watch.close();
    watcher.close();
    assertEquals(1, closed.get());
    assertEquals(1, queue.size());
    queue.remove().run();
    assertEquals(1, closed.get());
    assertEquals(1, watcher.counts().faults());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void observe_executorRejects_fallsBack(boolean runsItAllTheSame) throws Exception {
    Watcher watcher =
        watcher(
            task -> {
              if (runsItAllTheSame) {
                task.run();
              }
              throw new RejectedExecutionException("full");
            },
            LONG);
    GuardedWatch watch = watcher.watch(RUN);
    observe(watch, 1, 5);
    assertTrue(watch.hasFallenBack());
    watch.close();
    watcher.close();
    assertEquals(1, closed.get());
    assertEquals(1, watcher.counts().faults());
  }

  @Test
  void observe_threeTooLateInARow_turnTheModelOffThoughTheyAnswer() throws Exception {
    Watcher watcher = watcher(this::untilItHangs, SHORT);
    for (int run = 0; run < 3; run++) {
      CountDownLatch latch = hang();
      GuardedWatch watch = watcher.watch(RUN);
      assertFalse(watch.hasFallenBack());
      observe(watch, 1, 5);
      assertTrue(watch.hasFallenBack());
      latch.countDown();
      progress.acquireUninterruptibly();
    }
    assertTrue(watcher.watch(RUN).hasFallenBack());
  }

  @Test
  void observe_interruptedThread_waitsAndStaysInterrupted() throws Exception {
    GuardedWatch watch = watcher(pool, LONG).watch(RUN);
    Thread.currentThread().interrupt();
    observe(watch, 1, 5);
    assertTrue(Thread.interrupted());
    assertFalse(watch.hasFallenBack());
    assertFalse(Double.isNaN(watch.score()));
  }

  @ParameterizedTest
  @EnumSource(FakeModel.Fault.class)
  void observe_faultOnTheOtherThread_fallsBack(FakeModel.Fault fault) throws Exception {
    Watcher watcher = watcher(pool, LONG);
    model.faults = () -> fault;
    GuardedWatch watch = watcher.watch(RUN);
    observe(watch, 1, 5);
    assertTrue(watch.hasFallenBack());
    assertEquals(1, watcher.counts().faults());
  }

  @Test
  void observe_fatalErrorOnTheOtherThread_isPassedOn() throws Exception {
    GuardedWatch watch = watcher(pool, LONG).watch(RUN);
    model.faults =
        () -> {
          throw new InternalError("injected");
        };
    assertThrows(InternalError.class, () -> observe(watch, 1, 5));
  }

  @Test
  void new_noTime_saysSo() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Deadline(pool, Duration.ZERO));
    assertEquals("the deadline must be positive and at most a day, but was PT0S", e.getMessage());
  }
}
