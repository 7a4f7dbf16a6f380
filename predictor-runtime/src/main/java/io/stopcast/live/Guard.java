package io.stopcast.live;

import io.stopcast.policy.StopPolicy;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What happens when the predictor fails: who decides from then on, and who is told.
 *
 * <p>The fallback policy sees every step of a run from its start, so that it knows the run when it is needed; that is some
 * ten nanoseconds a step for a patience.
 *
 * @param fallback decides where the model cannot
 * @param warnings is given one line at a time, on the thread that met the fault: it should be quick. What it throws is
 *     ignored
 * @param deadline from when on a slow model has failed; empty to ask it on the thread of the run, however long it takes
 * @param around what decides beside the learned policy, given that one: rules, conditions and advice, such as {@code learned ->
 *     learned.or(rule).advised(adviser)}. Asked for each run, and again for a snapshot, so it must give equal policies for equal ones. If
 *     what it gives fails, that counts as a fault of the model
 */
public record Guard(
    StopPolicy fallback, Consumer<String> warnings, Optional<Deadline> deadline, UnaryOperator<StopPolicy> around) {
  /**
   * Lets a run go on when the predictor fails, and warns through {@link System.Logger}, which may lock and write: whoever
   * cannot have that once a minute takes the lines himself.
   */
  public static final Guard DEFAULT = new Guard(StopPolicy.NEVER, Guard::log);

  public Guard {
    Objects.requireNonNull(fallback, "fallback");
    Objects.requireNonNull(warnings, "warnings");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(around, "around");
  }

  /** With nothing around the learned policy. */
  public Guard(StopPolicy fallback, Consumer<String> warnings, Optional<Deadline> deadline) {
    this(fallback, warnings, deadline, UnaryOperator.identity());
  }

  /** Waits for the model however long it takes. */
  public Guard(StopPolicy fallback, Consumer<String> warnings) {
    this(fallback, warnings, Optional.empty(), UnaryOperator.identity());
  }

  /** The same, but does not wait for a model that hangs. */
  public Guard with(Deadline other) {
    return new Guard(fallback, warnings, Optional.of(other), around);
  }

  /** The same, with other policies around the learned one. */
  public Guard around(UnaryOperator<StopPolicy> other) {
    return new Guard(fallback, warnings, deadline, other);
  }

  private static void log(String line) {
    System.getLogger("io.stopcast").log(System.Logger.Level.WARNING, line);
  }
}
