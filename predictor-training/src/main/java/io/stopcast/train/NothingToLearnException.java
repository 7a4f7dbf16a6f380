package io.stopcast.train;

import io.stopcast.replay.ScoredRun;
import java.util.Arrays;
import java.util.List;

/**
 * The runs do not tell at a single point whether to stop or to go on, so that no tree can be grown: all were stopped, and none of them was better later
 * on by more than that cost.
 */
public final class NothingToLearnException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private NothingToLearnException(String message) {
    super(message);
  }

  static NothingToLearnException of(List<ScoredRun> runs, double[] prices) {
    return new NothingToLearnException(
        ("there is nothing to learn from %,d runs, of which %,d were stopped, at prices %s: at none of their points is it certain whether stopping was"
                + " right. Let some of the runs that would be stopped go on to their end, or learn from complete runs as well")
            .formatted(runs.size(), runs.stream().filter(ScoredRun::isStopped).count(), Arrays.toString(prices)));
  }
}
