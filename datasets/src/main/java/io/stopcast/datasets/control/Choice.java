package io.stopcast.datasets.control;

import java.util.Random;

/**
 * How likely a policy takes each action: the softmax of what its network answers.
 *
 * @param probabilities add up to 1, or are NaN once the network is
 */
record Choice(double[] probabilities) {
  static Choice ofLogits(double[] logits) {
    double highest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      highest = Math.max(highest, logit);
    }
    double[] shares = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      shares[i] = StrictMath.exp(logits[i] - highest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return new Choice(shares);
  }

  /** Draws an action; always the last one from probabilities that are NaN. */
  int draw(Random random) {
    double left = random.nextDouble();
    for (int i = 0; i < probabilities.length - 1; i++) {
      left -= probabilities[i];
      if (left < 0) {
        return i;
      }
    }
    return probabilities.length - 1;
  }

  /** The first of the most likely actions. */
  int best() {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best;
  }

  /** In nats. */
  double entropy() {
    double sum = 0;
    for (double probability : probabilities) {
      sum -= probability == 0 ? 0 : probability * StrictMath.log(probability);
    }
    return sum;
  }

  /** What is minimised: the action's surprise as often as the advantage says, less a bonus for staying undecided. */
  double loss(int action, double advantage, double entropyBonus) {
    // A policy that has just taken an action of probability 0 must not cost infinitely much.
    double surprise = -StrictMath.log(Math.max(probabilities[action], Double.MIN_NORMAL));
    return advantage * surprise - entropyBonus * entropy();
  }

  /** The gradient of {@link #loss} by the logits. */
  double[] gradient(int action, double advantage, double entropyBonus) {
    double entropy = entropy();
    double[] gradient = new double[probabilities.length];
    for (int i = 0; i < gradient.length; i++) {
      double share = probabilities[i];
      double undecided = share == 0 ? 0 : share * (StrictMath.log(share) + entropy);
      gradient[i] = advantage * (share - (i == action ? 1 : 0)) + entropyBonus * undecided;
    }
    return gradient;
  }
}
