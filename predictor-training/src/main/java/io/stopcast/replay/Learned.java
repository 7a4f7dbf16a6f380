package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.List;

/** What a learner made of its training part. */
@FunctionalInterface
public interface Learned {
  /** Returns a policy for each of the prices that were asked for, in their order. */
  List<StopPolicy> policies();
}
