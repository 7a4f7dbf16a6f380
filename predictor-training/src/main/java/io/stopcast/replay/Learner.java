package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.List;

/** What makes a policy out of recorded runs, so that the protocol can judge it on others. */
public interface Learner {
  /** Returns a policy for each of the prices, in their order, having seen nothing but the given runs. */
  List<StopPolicy> fit(List<ScoredRun> training, double[] prices);
}
