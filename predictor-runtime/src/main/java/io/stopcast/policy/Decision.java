package io.stopcast.policy;

import java.util.Objects;

/** A policy's answer to one step: go on or stop. Returned, never thrown. */
public sealed interface Decision {
  /** Go on. */
  Decision CONTINUE = new Continue();

  /** Whether this is a {@link Stop}. */
  default boolean isStop() {
    return this instanceof Stop;
  }

  /** Go on; all instances are equal. */
  record Continue() implements Decision {}

  /**
   * Stop here.
   *
   * @param policy who says so, in the words of its configuration
   * @param reason one line with the numbers that led to it
   */
  record Stop(String policy, String reason) implements Decision {
    public Stop {
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
