package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Settings;

/**
 * Turns gradients into steps. Plain loops over Java floats: the Java specification fixes their arithmetic.
 *
 * <p>Adam: Kingma and Ba, "Adam: a method for stochastic optimization", 2015. AdamW: Loshchilov and Hutter, "Decoupled
 * weight decay regularization", 2019; in all others the decay is part of the gradient.
 */
final class Optimizer {
  private static final float MOMENTUM = 0.9f;
  private static final float SECOND = 0.99f; // runs of a few hundred steps are too short for the usual 0.999
  private static final float EPSILON = 1e-8f;

  private final boolean adaptive;
  private final boolean decoupled;
  private final float momentum;
  private final float decay;
  private final float[] mean;
  private final float[] square;
  private int steps;

  /** An optimiser for so many weights, as the settings {@code optimizer} and {@code weight_decay} say. */
  Optimizer(Settings settings, int size) {
    String name = settings.text("optimizer");
    switch (name) {
      case "sgd":
      case "momentum":
      case "adam":
      case "adamw":
        break;
      default:
        throw new IllegalArgumentException("the optimiser should be sgd, momentum, adam or adamw, but is " + name);
    }
    adaptive = name.startsWith("adam");
    decoupled = name.equals("adamw");
    momentum = name.equals("sgd") ? 0 : MOMENTUM;
    decay = (float) settings.real("weight_decay");
    mean = new float[size];
    square = new float[adaptive ? size : 0];
  }

  /** Changes the weights by one step; the gradient is lost. */
  void step(float[] weights, float[] gradient, float rate) {
    steps++;
    if (decoupled) {
      float kept = 1 - rate * decay;
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= kept;
      }
    } else if (decay > 0) {
      for (int i = 0; i < weights.length; i++) {
        gradient[i] += decay * weights[i];
      }
    }
    if (adaptive) {
      stepAdam(weights, gradient, rate);
    } else {
      for (int i = 0; i < weights.length; i++) {
        mean[i] = momentum * mean[i] + gradient[i];
        weights[i] -= rate * mean[i];
      }
    }
  }

  private void stepAdam(float[] weights, float[] gradient, float rate) {
    float first = (float) (1 - StrictMath.pow(MOMENTUM, steps));
    float second = (float) (1 - StrictMath.pow(SECOND, steps));
    for (int i = 0; i < weights.length; i++) {
      float g = gradient[i];
      mean[i] = MOMENTUM * mean[i] + (1 - MOMENTUM) * g;
      square[i] = SECOND * square[i] + (1 - SECOND) * g * g;
      weights[i] -= rate * (mean[i] / first) / ((float) Math.sqrt(square[i] / second) + EPSILON);
    }
  }
}
