package io.stopcast.history;

import io.stopcast.run.Run;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A live run of a policy that stops most runs and by chance lets some go on.
 *
 * @param run its points, without other metrics
 * @param stop the point, counted from 0, at which the policy wanted to stop; the last point if it did not before
 * @param propensity how probable it was that the run would be shown, above 0; 1 where nothing wanted to stop it, NaN if it was stopped
 * @param shown whether it came to its end by itself, so that it shows what stopping would have lost; else it was stopped
 * @param kept the limit that it was to keep; empty if none
 */
public record ExploredRun(Run run, int stop, double propensity, boolean shown, Optional<ShadowRun.Kept> kept) {
  /**
   * What a run of a decision log tells.
   *
   * @return empty if it tells nothing: what ended it was neither its own end nor the model, it lacks lines or anything finite, or the log contradicts the
   *     draw (a trainer that went on all the same)
   */
  static Optional<ExploredRun> of(DecidedRun decided, DecidedRun.Exploring exploring) {
    Run run = decided.run();
    if (!decided.end().isScored()) {
      return decided.stop().isPresent() && !exploring.exempt() && decided.points().get(decided.stop().getAsInt()).by().equals("model")
          ? Optional.of(new ExploredRun(run, decided.stop().getAsInt(), Double.NaN, false, decided.kept()))
          : Optional.empty();
    }
    OptionalInt wanted = decided.wanted();
    if (!decided.complete() || Usability.of(run) != Usability.SCORED || wanted.isPresent() && !exploring.exempt()) {
      return Optional.empty();
    }
    double propensity = wanted.isPresent() ? 1 - exploring.stopProbability() : 1;
    return Optional.of(new ExploredRun(run, wanted.orElse(run.steps().size() - 1), propensity, true, decided.kept()));
  }
}
