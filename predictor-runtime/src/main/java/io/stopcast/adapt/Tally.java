package io.stopcast.adapt;

import java.util.Arrays;
import java.util.Collection;

/**
 * What is known of all candidates in a family: discounted sums over the runs that were learned from. Immutable; the array is not copied.
 *
 * <p>Exponential weights with the learning rate of AdaHedge: ln K / (sum of mixability gaps), so that neither the losses' range nor
 * the number of runs needs to be known, and where one candidate is plainly best nearly all weight is on it soon. Source: S. de Rooij, T.
 * van Erven, P. Grünwald, W. Koolen, "Follow the Leader If You Can, Hedge If You Must", 2014. Discounting is that of N. Cesa-Bianchi, G. Lugosi,
 * "Prediction, Learning, and Games", 2006, section 2.11; their bounds hold for either, none was proved for both.
 *
 * @param runs how many were learned from, whatever they weigh
 * @param weight discounted number of runs, each as many as it stands for
 * @param losses discounted sum of the losses of each candidate
 * @param gap discounted sum of mixability gaps
 */
record Tally(long runs, double weight, double[] losses, double gap) {
  static Tally none(int candidates) {
    return new Tally(0, 0, new double[candidates], 0);
  }

  /** The same with so many runs more, in which each of the others counts alike. */
  Tally borrowing(Collection<Tally> others, double borrowed) {
    double[] sums = losses.clone();
    double gaps = gap;
    double sharing = others.stream().filter(other -> other.weight > 0).count();
    for (Tally other : others) {
      double share = other.weight > 0 ? borrowed / sharing / other.weight : 0;
      for (int k = 0; k < sums.length; k++) {
        sums[k] += share * other.losses[k];
      }
      gaps += share * other.gap;
    }
    return new Tally(runs, weight + (sharing > 0 ? borrowed : 0), sums, gaps);
  }

  /** The candidate with the smallest loss, the first of several. */
  int leader() {
    int leader = 0;
    for (int k = 1; k < losses.length; k++) {
      leader = losses[k] < losses[leader] ? k : leader;
    }
    return leader;
  }

  /** The weights of the candidates, which sum to 1: equal ones while nothing tells them apart. */
  double[] odds() {
    double least = losses[leader()];
    double rate = rate();
    double[] odds = new double[losses.length];
    for (int k = 0; k < odds.length; k++) {
      odds[k] = losses[k] == least ? 1 : Math.exp(-rate * (losses[k] - least));
    }
    double sum = Arrays.stream(odds).sum();
    Arrays.setAll(odds, k -> odds[k] / sum);
    return odds;
  }

  private double rate() {
    return gap > 0 ? Math.log(losses.length) / gap : Double.POSITIVE_INFINITY;
  }

  /** By how much the weighted mean of these losses exceeds what exponential weights make of them; at least 0. */
  double gapOf(double[] further) {
    double[] odds = odds();
    double rate = rate();
    double mean = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < odds.length; k++) {
      mean += odds[k] * further[k];
      least = odds[k] > 0 ? Math.min(least, further[k]) : least;
    }
    double mixed = 0;
    for (int k = 0; k < odds.length && rate < Double.POSITIVE_INFINITY; k++) {
      mixed += odds[k] * Math.exp(-rate * (further[k] - least));
    }
    return Math.max(0, mean - (rate < Double.POSITIVE_INFINITY ? least - Math.log(mixed) / rate : least));
  }

  /** One run more, after what was known was discounted. */
  Tally with(double kept, double runWeight, double[] further, double furtherGap) {
    double[] sums = new double[losses.length];
    Arrays.setAll(sums, k -> kept * losses[k] + further[k]);
    return new Tally(runs + 1, kept * weight + runWeight, sums, kept * gap + furtherGap);
  }
}
