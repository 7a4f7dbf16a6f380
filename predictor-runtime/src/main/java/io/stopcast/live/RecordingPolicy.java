package io.stopcast.live;

import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;

/**
 * Decides as another policy does and writes down what it was shown and what it said, so that watched runs become history: a file of
 * JSON lines a run, which {@code ./stopcast import} reads.
 *
 * <p>A run's file is known by its source, task and name together. A watch on a run whose file is there goes on in it, as a run started
 * again; so give runs names. It cannot be written by two at once: the second one records nothing, and says so.
 *
 * <p>Make it the outermost policy: what is wrapped around it hides its {@link Recording}, and changes decisions after they were written.
 *
 * @param folder where the files go; made if it is not there
 * @param policy who decides
 * @param clock tells when a run was started
 */
public record RecordingPolicy(Path folder, StopPolicy policy, Clock clock) implements StopPolicy {
  public RecordingPolicy {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(clock, "clock");
  }

  /** Records, by the system's clock. */
  public static RecordingPolicy into(Path folder, StopPolicy policy) {
    return new RecordingPolicy(folder, policy, Clock.systemUTC());
  }

  @Override
  public Recording watch(RunContext run) {
    return new Recording(this, run, policy.watch(run));
  }

  @Override
  public String toString() {
    return policy + " recorded";
  }
}
