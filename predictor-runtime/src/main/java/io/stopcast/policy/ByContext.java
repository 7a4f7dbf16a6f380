package io.stopcast.policy;

import io.stopcast.run.RunContext;
import java.util.List;
import java.util.Objects;

/**
 * The policy of the first case that a run fits when it starts: by its task, family, size, budget or whatever is known of it.
 *
 * <p>From then on it is that policy, and costs what that one costs. A run of which the fact is not known fits no case about it.
 * Cases can be written by hand, or learned from history, and stand in a {@link PolicyFile}. Where a case rests on few runs, what it
 * was chosen by should have been drawn towards all runs; this policy itself asks nobody.
 *
 * @param cases looked at in order; at least one, none about the curve
 * @param otherwise for runs that fit none
 */
public record ByContext(List<Case> cases, StopPolicy otherwise) implements StopPolicy {
  public ByContext {
    cases = List.copyOf(cases);
    Objects.requireNonNull(otherwise, "otherwise");
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("a choice by context needs at least one case; without any, '" + otherwise + "' will do");
    }
    for (Case one : cases) {
      for (Condition condition : one.when()) {
        if (!condition.isKnownAtStart()) {
          throw new IllegalArgumentException(
              "'" + condition + "' is not known when a run starts; a choice by the curve needs a Selection, after some points");
        }
      }
    }
  }

  /** The policy that watches this run. */
  public StopPolicy policyFor(RunContext run) {
    return cases.stream().filter(one -> one.isOpenTo(run)).map(Case::policy).findFirst().orElse(otherwise);
  }

  @Override
  public Watch watch(RunContext run) {
    return policyFor(run).watch(run);
  }

  @Override
  public String toString() {
    return "by context(" + cases.size() + (cases.size() == 1 ? " case" : " cases") + ", otherwise " + otherwise + ")";
  }
}
