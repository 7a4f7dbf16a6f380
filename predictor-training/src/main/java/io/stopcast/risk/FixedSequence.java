package io.stopcast.risk;

import java.util.function.IntToDoubleFunction;

/**
 * Learn-Then-Test with a fixed sequence [1]: hypotheses in an order that was settled before any data were seen, here thresholds from
 * cautious to bold, each tested at the full level for as long as all before it were rejected.
 *
 * <p>A wrong rejection needs the first true hypothesis to be rejected, which happens with a probability of at most the level; so
 * all that was certified holds at once, and however many thresholds there are costs nothing.
 *
 * <p>[1] Angelopoulos, Bates, Candès, Jordan, Lei, "Learn Then Test: Calibrating Predictive Algorithms to Achieve Risk Control", 2021.
 */
final class FixedSequence {
  private FixedSequence() {}

  /**
   * Returns how many hypotheses from the first one on are rejected.
   *
   * @param pValue of each hypothesis by its position; asked in order, and of none after the first that is not rejected
   * @param level at most so much, and it is rejected
   */
  static int rejected(int hypotheses, IntToDoubleFunction pValue, double level) {
    int rejected = 0;
    while (rejected < hypotheses && pValue.applyAsDouble(rejected) <= level) {
      rejected++;
    }
    return rejected;
  }
}
