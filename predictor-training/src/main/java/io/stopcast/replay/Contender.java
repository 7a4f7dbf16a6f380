package io.stopcast.replay;

import java.util.Objects;

/**
 * A policy that stands in the table beside the ten families of rules and the learned one, under a name of its own.
 *
 * @param name the row's
 * @param learner makes it from the training part of each fold
 */
public record Contender(String name, Learner learner) {
  public Contender {
    Objects.requireNonNull(learner, "learner");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a contender needs a name for its row");
    }
  }
}
