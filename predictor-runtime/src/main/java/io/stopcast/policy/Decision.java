package io.stopcast.policy;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A policy's answer to one step: go on, go on with a change, or stop. Returned, never thrown. */
public sealed interface Decision {
  /** Go on. */
  Decision CONTINUE = new Continue();

  /** Whether this is a {@link Stop}. */
  default boolean isStop() {
    return this instanceof Stop;
  }

  /** What the trainer is asked to change before it goes on; empty at a stop and at nearly all steps. */
  default Optional<Advice> advice() {
    return Optional.empty();
  }

  /** Go on, perhaps with a change. Equal to another that says the same; all without a change are equal. Safe for several threads. */
  final class Continue implements Decision {
    private final Advice advice;
    private final String policy;
    private final Supplier<String> inWords;

    /** Without a change; {@link #CONTINUE} is one. */
    public Continue() {
      this.advice = null;
      this.policy = "";
      this.inWords = () -> "";
    }

    /**
     * With a change, whose reason is put in words when somebody asks: a wrapper may pass over it, and nobody does.
     *
     * @param policy who asks for it, in the words of its configuration
     * @param inWords gives the same line with the numbers whenever it is asked, whatever the run has come to
     */
    public Continue(Advice advice, String policy, Supplier<String> inWords) {
      this.advice = Objects.requireNonNull(advice, "advice");
      this.policy = Objects.requireNonNull(policy, "policy");
      this.inWords = Objects.requireNonNull(inWords, "inWords");
    }

    @Override
    public Optional<Advice> advice() {
      return Optional.ofNullable(advice);
    }

    /** Who asks for the change, in the words of its configuration; empty without one. */
    public String policy() {
      return policy;
    }

    /** One line with the numbers that led to the change; empty without one. */
    public String reason() {
      return inWords.get();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Continue go
          && Objects.equals(advice, go.advice)
          && policy.equals(go.policy)
          && reason().equals(go.reason());
    }

    @Override
    public int hashCode() {
      return Objects.hash(advice, policy);
    }

    @Override
    public String toString() {
      return advice == null ? "go on" : policy + ": " + advice + ": " + reason();
    }
  }

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
