package io.stopcast.datasets.network;

/**
 * Moves weights against a gradient. Not for use by several threads.
 *
 * <p>Weight decay is added to the gradient by SGD and momentum, and taken off the weights by AdamW (Loshchilov and
 * Hutter, "Decoupled Weight Decay Regularization", 2019). Momentum is 0.9; AdamW has the usual 0.9, 0.999 and 1e-8.
 */
public final class Optimizer {
  private static final double FIRST_DECAY = 0.9;
  private static final double EPSILON = 1e-8;

  private final String name;
  private final double secondDecay;
  private final double weightDecay;
  private final double[] first;
  private final double[] second;
  private double firstPower = 1;
  private double secondPower = 1;

  /**
   * An optimiser for that many weights.
   *
   * @param name {@code sgd}, {@code momentum}, {@code adamw}, or {@code adam} (Kingma and Ba, 2015), which is AdamW
   *     without weight decay
   * @param secondDecay how slowly AdamW forgets squares of gradients, usually 0.999; the others do not look at it
   */
  public Optimizer(String name, double weightDecay, double secondDecay, int weights) {
    if (name.equals("adam") && weightDecay != 0) {
      throw new IllegalArgumentException(
          "adam has no weight decay here, but was given " + weightDecay + "; take adamw");
    }
    this.name = name;
    this.weightDecay = weightDecay;
    this.secondDecay = secondDecay;
    switch (name) {
      case "sgd":
        first = new double[0];
        second = first;
        break;
      case "momentum":
        first = new double[weights];
        second = new double[0];
        break;
      case "adam":
      case "adamw":
        first = new double[weights];
        second = new double[weights];
        break;
      default:
        throw new IllegalArgumentException(
            "no optimiser is called '" + name + "'; there are sgd, momentum, adam, adamw");
    }
  }

  /** Moves the weights by one step. */
  public void step(double[] weights, double[] gradient, double rate) {
    step(weights, gradient, rate, 0);
  }

  /** Moves the weights from an index on by one step; those below keep their values, and what is remembered of them. */
  public void step(double[] weights, double[] gradient, double rate, int from) {
    switch (name) {
      case "sgd":
        for (int i = from; i < weights.length; i++) {
          weights[i] -= rate * (gradient[i] + weightDecay * weights[i]);
        }
        break;
      case "momentum":
        for (int i = from; i < weights.length; i++) {
          first[i] = FIRST_DECAY * first[i] + (gradient[i] + weightDecay * weights[i]);
          weights[i] -= rate * first[i];
        }
        break;
      default:
        adamW(weights, gradient, rate, from);
    }
  }

  private void adamW(double[] weights, double[] gradient, double rate, int from) {
    firstPower *= FIRST_DECAY;
    secondPower *= secondDecay;
    double firstScale = rate / (1 - firstPower);
    double secondScale = 1 / (1 - secondPower);
    double kept = 1 - rate * weightDecay;
    for (int i = from; i < weights.length; i++) {
      double g = gradient[i];
      double m = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * g;
      double v = secondDecay * second[i] + (1 - secondDecay) * g * g;
      first[i] = m;
      second[i] = v;
      weights[i] = kept * weights[i] - firstScale * m / (Math.sqrt(v * secondScale) + EPSILON);
    }
  }
}
