package io.stopcast.policy;

import io.stopcast.run.RunContext;

/**
 * Stops where DL4J's {@code ScoreImprovementEpochTerminationCondition} does.
 *
 * <p>The first value is the one to beat, be it NaN, which nothing beats. A value counts as better if it is by more than the
 * min-improvement, and is the best from then on. On finite values that is {@link Patience} with an absolute min-delta.
 *
 * <p>DL4J's other conditions have their counterparts: {@code MaxEpochs} in {@link Budget#ofPoints}, {@code BestScore} in {@link
 * Target#beyond}, {@code MaxScore} in {@link Divergence}, {@code InvalidScore} in {@link NonFinite}, {@code MaxTime} in {@link
 * Budget#ofCost} where the cost is a time, and else in {@link SignalLimit}.
 *
 * <p>DL4J may stop at a NaN, and this never does: there it stops at the next value that is none, if that is not better. Not a
 * setting for many tasks: the min-improvement is in the metric's unit. O(1) time and memory in every step.
 *
 * <p>Source: {@code org.deeplearning4j.earlystopping.termination} of DL4J 1.0.0-M2.1.
 *
 * @param epochs how many epochs in a row may be no better, the one that stops included; at least 1
 * @param minImprovement by how much a value must be better, in the metric's unit; at least 0
 */
public record Dl4jScoreImprovement(int epochs, double minImprovement) implements StopPolicy {
  public Dl4jScoreImprovement {
    WaitingWatch.requirePatience(epochs, 1);
    WaitingWatch.requireMinDelta(minImprovement);
  }

  @Override
  public Watch watch(RunContext run) {
    return new WaitingWatch(run, this, epochs) {
      @Override
      boolean beats(double gain, double best) {
        return gain - best > minImprovement;
      }
    };
  }

  @Override
  public String toString() {
    return "dl4j(epochs " + epochs + ", min-improvement " + minImprovement + ")";
  }
}
