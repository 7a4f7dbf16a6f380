package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What several threads touch at once, played in many different interleavings by Lincheck's model checker, which prints the one
 * that fails. The interleavings are the same each time.
 */
class InterleavingsTest {
  private static final RunContext RUN = LiveRuns.context("a");
  private static final float[] ROW = new float[0];
  private static final Decision STOP = new Decision.Stop("somebody", "something");

  static {
    System.setProperty("lincheck.logLevel", "ERROR"); // it would warn that it cannot look into records
  }

  private static LiveModel live(FakeModel model, Runnable gone) {
    return new LiveModel(new Loaded("0001", "sha", FakeSource.policy(model)), closed -> gone.run());
  }

  /** Runs all of them at once and waits; fails as the first of them that does. */
  private static void together(Runnable... tasks) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread[] threads = new Thread[tasks.length];
    for (int i = 0; i < tasks.length; i++) {
      Runnable task = tasks[i];
      threads[i] =
          new Thread(
              () -> {
                try {
                  task.run();
                } catch (Throwable thrown) {
                  failure.compareAndSet(null, thrown);
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      join(thread);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void liveModel_lastUserOfMany_closesItOnceAndNobodyUsesItLater() {
    Lincheck.runConcurrentTest(
        500,
        () -> {
          AtomicInteger closed = new AtomicInteger();
          AtomicInteger gone = new AtomicInteger();
          FakeModel model = new FakeModel(0, 0, closed::incrementAndGet);
          LiveModel live = live(model, gone::incrementAndGet);
          Runnable use =
              () -> {
                if (live.acquire()) {
                  model.margin(ROW);
                  live.release();
                }
              };
          together(use, use, live::release);
          assertEquals(1, closed.get());
          assertEquals(1, gone.get());
          assertFalse(live.acquire());
        });
  }

  @Test
  void liveModel_faultsOfManyRuns_oneTurnsItOff() {
    Lincheck.runConcurrentTest(
        500,
        () -> {
          LiveModel live = live(FakeModel.moving(), () -> {});
          AtomicInteger turnedOff = new AtomicInteger();
          Runnable fail =
              () -> {
                for (int i = 0; i < 2; i++) {
                  turnedOff.addAndGet(live.failed() ? 1 : 0);
                }
              };
          together(fail, fail);
          assertEquals(1, turnedOff.get());
          assertTrue(live.isOff());
        });
  }

  @Test
  void incidents_manyAtOnce_oneIsToldAndTheOthersAreCounted() {
    Pattern others = Pattern.compile("line(?: \\(and (\\d+) warnings since the last one\\))?");
    Lincheck.runConcurrentTest(
        500,
        () -> {
          AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
          Queue<String> told = new ConcurrentLinkedQueue<>();
          Incidents incidents = new Incidents(told::add, now::get);
          Runnable tell =
              () -> {
                incidents.faults.incrementAndGet();
                incidents.tell(() -> "line");
              };
          together(
              tell,
              tell,
              () -> {
                now.addAndGet(60_000_000_000L);
                tell.run();
              });
          assertTrue(told.size() == 1 || told.size() == 2, told.toString());
          now.addAndGet(60_000_000_000L);
          incidents.tell(() -> "line");
          long all = 0;
          for (String line : told) {
            Matcher matcher = others.matcher(line);
            assertTrue(matcher.matches(), line);
            all += 1 + (matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1)));
          }
          assertEquals(4, all, told.toString());
          assertEquals(new Counts(3, 0, 0, 0, 0), incidents.counts());
        });
  }

  /** Models that count how many are open. */
  private static final class Open {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final FakeSource source =
        new FakeSource(
            version -> {
              opened.incrementAndGet();
              return new FakeModel(0, 0, closed::incrementAndGet);
            });
    final Watcher watcher = watcher();

    private Watcher watcher() {
      try {
        return new Watcher(source, new Guard(StopPolicy.NEVER, line -> {}), () -> 0);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    /** A run of three points, the third of which is scored. */
    void run() {
      try (GuardedWatch watch = watcher.watch(RUN)) {
        for (int i = 1; i <= 3; i++) {
          watch.observe(Step.of(i, i, "val_accuracy", i));
        }
      }
    }

    void swap(String version) {
      source.version = version;
      watcher.refresh();
    }

    void assertAllClosed() {
      assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
      assertEquals(opened.get(), closed.get());
      assertEquals(0, watcher.modelsHeld());
    }
  }

  @Test
  void watcher_swappedAndClosedWhileARunBegins_closesAllAndFailsNowhere() {
    Lincheck.runConcurrentTest(
        60,
        () -> {
          Open models = new Open();
          together(models::run, () -> models.swap("0002"), models.watcher::close);
          models.assertAllClosed();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void question_begunWhileItIsGivenUp_closesTheModelOnceNobodyAsksIt(boolean givenUp) {
    Lincheck.runConcurrentTest(
        500,
        () -> {
          AtomicInteger closed = new AtomicInteger();
          FakeModel model = new FakeModel(0, 0, closed::incrementAndGet);
          LiveModel live = live(model, () -> {});
          AtomicInteger failed = new AtomicInteger();
          Thread[] other = new Thread[1];
          Executor executor =
              task -> {
                other[0] = new Thread(task);
                other[0].start();
                if (givenUp) {
                  throw new RejectedExecutionException("though it is begun"); // no time passes here
                }
              };
          StopPolicy.Watch watch =
              step -> {
                try {
                  model.margin(ROW);
                } catch (IllegalStateException closedBefore) {
                  failed.incrementAndGet();
                }
                return STOP;
              };
          Question question = new Question(watch, Step.of(1, 1, "val_accuracy", 1), live, live::release);
          try {
            assertEquals(STOP, question.ask(new Deadline(executor, Duration.ofDays(1))));
            assertFalse(givenUp);
          } catch (RejectedExecutionException e) {
            assertTrue(givenUp);
          } catch (Throwable thrown) {
            throw new AssertionError(thrown);
          }
          live.release();
          join(other[0]);
          assertEquals(0, failed.get());
          assertEquals(1, closed.get());
        });
  }
}
