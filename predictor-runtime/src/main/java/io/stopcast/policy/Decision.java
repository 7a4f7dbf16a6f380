package io.stopcast.policy;

import java.util.Objects;
import java.util.function.Supplier;

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

  /** Stop here. Equal to another that says the same; safe for several threads. */
  final class Stop implements Decision {
    private final String policy;
    private final Supplier<String> inWords;

    /**
     * A stop whose reason is at hand.
     *
     * @param policy who says so, in the words of its configuration
     * @param reason one line with the numbers that led to it
     */
    public Stop(String policy, String reason) {
      this(policy, () -> reason);
      Objects.requireNonNull(reason, "reason");
    }

    /**
     * A stop whose reason takes time to put in words: a wrapper may pass over the stop, and nobody asks.
     *
     * @param inWords gives the same line whenever it is asked, whatever the run has come to
     */
    public Stop(String policy, Supplier<String> inWords) {
      this.policy = Objects.requireNonNull(policy, "policy");
      this.inWords = Objects.requireNonNull(inWords, "inWords");
    }

    /** Who says so, in the words of its configuration. */
    public String policy() {
      return policy;
    }

    /** One line with the numbers that led to it. */
    public String reason() {
      return inWords.get();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Stop stop && policy.equals(stop.policy) && reason().equals(stop.reason());
    }

    @Override
    public int hashCode() {
      return policy.hashCode();
    }

    @Override
    public String toString() {
      return policy + ": " + reason();
    }
  }
}
