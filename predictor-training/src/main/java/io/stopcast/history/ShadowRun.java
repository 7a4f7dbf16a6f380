package io.stopcast.history;

import io.stopcast.run.Run;

/**
 * A run that was watched to its end, and where it would have been stopped.
 *
 * @param run its points, without other metrics
 * @param stop the point, counted from 0, of the first stop; the last point if there was none before it
 * @param model the version that decided
 * @param price at which it decided
 */
public record ShadowRun(Run run, int stop, String model, double price) {
  /** Whether it would have been stopped before its end. */
  public boolean isStopped() {
    return stop < run.steps().size() - 1;
  }
}
