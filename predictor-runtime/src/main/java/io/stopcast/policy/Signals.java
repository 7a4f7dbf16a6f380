package io.stopcast.policy;

import io.stopcast.run.Objective;
import io.stopcast.run.Step;
import java.util.List;
import java.util.stream.Stream;

/**
 * What policies look at in a step beside the objective and the cost, so that a misspelt name shows at the first report and not as a
 * policy that never says a word.
 *
 * <p>Knows the policies of this library and what they are wrapped in; one of the user's own counts as looking at nothing.
 */
public final class Signals {
  private Signals() {}

  /** The names of the metrics that a policy looks at, each once, in the order in which they stand in it. */
  public static List<String> of(StopPolicy policy) {
    return named(policy).distinct().toList();
  }

  private static Stream<String> named(StopPolicy policy) {
    if (policy instanceof StillLayers layers) {
      return layers.signals().stream();
    } else if (policy instanceof SignalLimit limit) {
      return Stream.of(limit.metric());
    } else if (policy instanceof OnHybrid on) {
      return Stream.concat(on.hybrid().signals().stream().map(Objective::metric), named(on.policy()));
    } else if (policy instanceof Arbiter arbiter) {
      return Stream.concat(named(arbiter.policy()), arbiter.advisers().stream().flatMap(Signals::named));
    } else if (policy instanceof AnyOf any) {
      return Stream.concat(named(any.first()), named(any.second()));
    } else if (policy instanceof AllOf all) {
      return Stream.concat(named(all.first()), named(all.second()));
    } else if (policy instanceof Advising advising) {
      return named(advising.policy());
    } else if (policy instanceof Stochastic stochastic) {
      return named(stochastic.policy());
    } else if (policy instanceof NotBefore held) {
      return named(held.policy());
    } else if (policy instanceof NotBeforeShare held) {
      return named(held.policy());
    } else if (policy instanceof NotBeforeCost held) {
      return named(held.policy());
    } else if (policy instanceof UnlessBelow held) {
      return named(held.policy());
    }
    return Stream.empty();
  }

  /**
   * Checks that a step reports all that a policy looks at; for the first step of a run that reports its objective.
   *
   * @throws IllegalArgumentException if it does not, which names what is missing and what there is
   */
  public static void requireReported(StopPolicy policy, Step step) {
    List<String> missing = of(policy).stream().filter(signal -> !step.reports(signal)).toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "%s looks at %s, which the run does not report; it reports %s".formatted(policy, missing, step.names()));
    }
  }
}
