package io.stopcast.replay;

import io.stopcast.model.Priors;
import io.stopcast.policy.StopPolicy;
import java.util.List;

/** What a learner made of its training part. */
@FunctionalInterface
public interface Learned {
  /** Returns a policy for each of the prices that were asked for, in their order. */
  List<StopPolicy> policies();

  /** Returns all settings among which the policies were chosen, in a fixed order, for a trade-off curve; none by default. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * Returns the same policies with other earlier runs to look at than those of the training part.
   *
   * <p>Here, as of a learner that looks at none, they are the same.
   */
  default List<StopPolicy> policies(Priors earlier) {
    return policies();
  }
}
