package io.stopcast.history;

import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.run.Run;
import java.util.Optional;

/**
 * A run that was watched to its end, and where it would have been stopped.
 *
 * @param run its points, without other metrics
 * @param stop the point, counted from 0, of the first stop; the last point if there was none before it
 * @param model the version that decided
 * @param price at which it decided
 * @param kept the limit that it was to keep; empty if none
 */
public record ShadowRun(Run run, int stop, String model, double price, Optional<Kept> kept) {
  /**
   * A limit on the regret, and what the run is to the promise that it is kept.
   */
  public record Kept(RegretLimit limit, Promise.Unit unit) {}

  /** Whether it would have been stopped before its end. */
  public boolean isStopped() {
    return stop < run.steps().size() - 1;
  }
}
