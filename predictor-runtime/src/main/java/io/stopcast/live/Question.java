package io.stopcast.live;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Step;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * One step put to a watch on another thread, for which the thread of the run waits until a deadline and no longer.
 *
 * <p>It is answered in time or given up for good. Given up before it was begun, it is never put. Given up later, the watch is
 * the other thread's alone from then on, and so is one use of the model, which that thread lets go when it is done: so no
 * model is closed while it is asked, and the run does not wait to close it. Asked once; no lock.
 */
final class Question implements Runnable {
  private enum State {
    PUT,
    BEGUN,
    ANSWERED,
    GIVEN_UP
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.PUT);
  private final Thread asker = Thread.currentThread();
  private final LiveModel model;
  private StopPolicy.Watch watch;
  private Step step;
  private Runnable whenLate;
  private Decision answer;
  private Throwable fault;

  /**
   * A question of the thread that makes it.
   *
   * @param model held by the run, which takes it once more if it gives up
   * @param whenLate called once that use of the model is over
   */
  Question(StopPolicy.Watch watch, Step step, LiveModel model, Runnable whenLate) {
    this.watch = watch;
    this.step = step;
    this.model = model;
    this.whenLate = whenLate;
  }

  /**
   * Puts the question and waits.
   *
   * @throws TimeoutException if there is no answer in time
   * @throws Throwable what the watch or the executor has thrown
   */
  Decision ask(Deadline deadline) throws Throwable {
    long limit = deadline.limit().toNanos();
    long start = System.nanoTime();
    boolean tooLate;
    try {
      deadline.executor().execute(this);
      await(start, limit);
    } finally {
      tooLate = state.get() != State.ANSWERED && giveUp(); // whatever was thrown: it may run all the same
    }
    if (tooLate) {
      throw new TimeoutException("no answer within %s ms".formatted(limit / 1e6));
    }
    if (fault != null) {
      throw fault;
    }
    return answer;
  }

  private void await(long start, long limit) {
    boolean interrupted = false;
    while (state.get() != State.ANSWERED) {
      long left = limit - (System.nanoTime() - start);
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted(); // parking returns at once until it is taken
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** False if the answer has come just now. */
  private boolean giveUp() {
    if (state.compareAndSet(State.PUT, State.GIVEN_UP)) {
      watch = null; // the executor may keep this for long
      step = null;
      whenLate = null;
      return true;
    }
    model.acquire(); // the run has it, so this cannot fail
    if (state.compareAndSet(State.BEGUN, State.GIVEN_UP)) {
      return true;
    }
    model.release();
    return false;
  }

  @Override
  public void run() {
    if (!state.compareAndSet(State.PUT, State.BEGUN)) {
      return;
    }
    try {
      answer = watch.observe(step);
    } catch (Throwable thrown) {
      fault = thrown;
    }
    if (state.compareAndSet(State.BEGUN, State.ANSWERED)) {
      LockSupport.unpark(asker);
      return;
    }
    whenLate.run();
    if (fault != null) {
      Faults.passIfFatal(fault);
    }
  }
}
