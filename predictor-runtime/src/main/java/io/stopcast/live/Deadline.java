package io.stopcast.live;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * For how long a trainer waits for the model at a step, and on whose threads the model is asked. For a scorer that may hang;
 * the one in plain Java takes a microsecond and needs none.
 *
 * <p>A step is handed to the executor and back, which costs five to ten microseconds. What is too slow counts as a fault: that
 * run falls back, and what the model answers later is thrown away. A run gives up one step at most, so that no more than one
 * thread a run is lost to a scorer that never returns, and of a model no more once it is off. Up to the deadline the trainer
 * waits; an interrupt of its thread neither ends the wait nor gets lost.
 *
 * <p>Only the model is asked there. The fallback policy, the budget, the log and the reason of a stop stay on the run's thread.
 *
 * @param executor runs one task a step, each on any thread. It is the caller's to size and to shut down: a task that it
 *     rejects or drops is a fault. One that runs tasks on the thread that brings them keeps no deadline
 * @param limit the longest wait, positive and at most a day. One near the time that a score takes is met late by the operating
 *     system now and then, and that run falls back
 */
public record Deadline(Executor executor, Duration limit) {
  private static final Duration LONGEST = Duration.ofDays(1);

  public Deadline {
    Objects.requireNonNull(executor, "executor");
    if (limit.isZero() || limit.isNegative() || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the deadline must be positive and at most a day, but was " + limit);
    }
  }
}
