package io.stopcast.adapt;

import io.stopcast.policy.StopPolicy;
import java.util.Objects;

/**
 * One of the policies among which a run's is chosen.
 *
 * @param name by which a saved state and an audit know it; a better one of the same kind, such as a newer model, may go on under its name
 * @param policy what a run is given; at best without chance in it
 */
public record Candidate(String name, StopPolicy policy) {
  private static final int LONGEST_NAME = 200;

  public Candidate {
    Objects.requireNonNull(policy, "policy");
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a candidate needs a name of 1 to %d characters, but '%s' has %d".formatted(LONGEST_NAME, name, name.length()));
    }
  }

  /** Named as the policy names itself. */
  public static Candidate of(StopPolicy policy) {
    return new Candidate(policy.toString(), policy);
  }
}
