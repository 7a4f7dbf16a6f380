package io.stopcast.policy;

import io.stopcast.run.RunContext;
import java.util.List;
import java.util.Objects;

/**
 * A policy, and what must hold of a run for it to be chosen.
 *
 * @param when all of them must hold; at least one
 */
public record Case(List<Condition> when, StopPolicy policy) {
  public Case {
    when = List.copyOf(when);
    Objects.requireNonNull(policy, "policy");
    if (when.isEmpty()) {
      throw new IllegalArgumentException("a case needs a condition, or no case after it is ever looked at");
    }
  }

  /** Whether all that can be told when a run starts is as it must be. */
  boolean isOpenTo(RunContext run) {
    return when.stream().allMatch(condition -> !condition.isKnownAtStart() || condition.holds(run));
  }
}
