package io.stopcast.replay;

import java.util.List;

/** What makes a policy out of recorded runs, so that the protocol can judge it on others. */
@FunctionalInterface
public interface Learner {
  /** Learns for each of the prices, in their order, having seen nothing but the given runs. Safe for several threads. */
  Learned fit(List<ScoredRun> training, double[] prices);
}
