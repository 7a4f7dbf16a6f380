package io.stopcast.risk;

import io.stopcast.model.RegretLimit;
import java.util.Arrays;

/**
 * How surprising the regrets of some units would be if the limit were broken: p-values for the hypothesis that it is.
 *
 * <p>They are valid for units that are drawn independently from those for which the limit is to be kept: if it is broken, the p-value is at
 * most p with a probability of at most p. Nothing is assumed of how regrets are distributed.
 *
 * <ul>
 *   <li>P(regret &gt; e) &lt;= a: the exact binomial tail of how many units exceed e. Without any, 45 units are enough for a = .05
 *       and a p-value of .1, 59 for .05.
 *   <li>mean regret &lt;= R: a bet against it [1]. A fortune of 1 is multiplied, unit by unit, by 1 + b (R - regret), where b is
 *       chosen before the unit is looked at; if the mean is larger than R it cannot be expected to grow. By Ville's inequality it
 *       ever reaches 1 / p with a probability of at most p. Without any regret a few units more are needed than for an exact binomial
 *       test of R. The units are taken as they come, so their order must not depend on their regrets.
 * </ul>
 *
 * <p>[1] Waudby-Smith, Ramdas, "Estimating Means of Bounded Random Variables by Betting", 2024: the predictable plug-in.
 */
final class Evidence {
  /** Bets are of the size that is best for this p-value. */
  private static final double AIM = .1;

  /** No bet puts more than this share of the fortune at risk. */
  private static final double MOST_AT_RISK = .95;

  /** The variance of regrets before the first one is known, as if one had shown it; their mean is taken for the limit. */
  private static final double VARIANCE = .01;

  private static final int MOST_UNITS = 1 << 22;

  private Evidence() {}

  /**
   * Returns the p-value of the hypothesis that the limit is broken.
   *
   * @param regrets one a unit, within 0..1, in an order that does not depend on them
   */
  static double against(RegretLimit limit, double[] regrets) {
    if (limit.overall() instanceof RegretLimit.Exceeding) {
      int exceed = (int) Arrays.stream(regrets).map(limit::counted).sum();
      return Binomial.atMost(exceed, regrets.length, limit.most());
    }
    return fromBets(limit.most(), regrets);
  }

  private static double fromBets(double limit, double[] regrets) {
    double fortune = 0; // its logarithm
    double largest = 0;
    double sum = limit;
    double squares = VARIANCE;
    for (int i = 0; i < regrets.length; i++) {
      double mean = sum / (i + 1);
      double variance = squares / (i + 1);
      double bet = Math.sqrt(2 * Math.log(1 / AIM) / (regrets.length * variance));
      fortune += Math.log1p(Math.min(bet, MOST_AT_RISK / (1 - limit)) * (limit - regrets[i]));
      largest = Math.max(largest, fortune);
      sum += regrets[i];
      squares += (regrets[i] - mean) * (regrets[i] - mean);
    }
    return Math.exp(-largest);
  }

  /** How many more units, all without regret, the p-value would need to be at most so much: 0 if it is already. */
  static int missing(RegretLimit limit, double[] regrets, double p) {
    int low = -1;
    int high = 0;
    while (isTooLittle(limit, Arrays.copyOf(regrets, regrets.length + high), p) && high < MOST_UNITS) {
      low = high;
      high = Math.max(1, 2 * high);
    }
    while (high - low > 1) {
      int middle = (low + high) / 2;
      boolean isTooFew = isTooLittle(limit, Arrays.copyOf(regrets, regrets.length + middle), p);
      low = isTooFew ? middle : low;
      high = isTooFew ? high : middle;
    }
    return high;
  }

  /**
   * About how many units are enough for a p-value of at most so much, if half of what the limit allows is used up: what to reckon with where more
   * than the bare minimum is to be had. A mean is used up by regrets of the variance that bets begin with.
   */
  static int enough(RegretLimit limit, double p) {
    int units = missing(limit, new double[0], p);
    while (units < MOST_UNITS && isTooLittle(limit, halfUsedUp(limit, units), p)) {
      units += 1 + units / 20;
    }
    return units;
  }

  /** Some units that lose too much, evenly spread, and rather one too many. */
  private static double[] halfUsedUp(RegretLimit limit, int units) {
    double regret = limit.overall() instanceof RegretLimit.Exceeding ? 1 : Math.min(1, 2 * VARIANCE / limit.most());
    double share = limit.most() / 2 / regret;
    double[] regrets = new double[units];
    Arrays.setAll(regrets, i -> Math.ceil((i + 1) * share) > Math.ceil(i * share) ? regret : 0);
    return regrets;
  }

  private static boolean isTooLittle(RegretLimit limit, double[] regrets, double p) {
    return !(against(limit, regrets) <= p);
  }
}
