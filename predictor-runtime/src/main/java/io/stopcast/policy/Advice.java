package io.stopcast.policy;

/**
 * A change that a policy asks the trainer to make instead of ending the run: a plain value. What asked for it and why stands in the
 * {@link Decision.Continue} that carries it.
 *
 * <p>Nothing is changed by it alone. A trainer that cannot make a change goes on as before; the policy then tries something that never
 * happened, and stops some points later.
 */
public sealed interface Advice {
  /** What is to be changed, as a word that stays the same: what JSON lines call {@code change}. */
  String word();

  /** What {@link #amount} is called in JSON lines: {@code factor} or {@code layers}. */
  String measure();

  /** By how much: the factor, or the number of layers. */
  double amount();

  /**
   * Multiply the learning rate by a factor, from the next update on.
   *
   * @param factor above 0 and below 1
   */
  record ReduceLearningRate(double factor) implements Advice {
    public ReduceLearningRate {
      if (!(factor > 0 && factor < 1)) {
        throw new IllegalArgumentException("a learning rate is reduced by a factor above 0 and below 1, but was to be by " + factor);
      }
    }

    @Override
    public String word() {
      return "reduce_learning_rate";
    }

    @Override
    public String measure() {
      return "factor";
    }

    @Override
    public double amount() {
      return factor;
    }

    @Override
    public String toString() {
      return "multiply the learning rate by " + factor;
    }
  }

  /**
   * Multiply the batch size by a factor, rounded as the trainer can: above 1 for steadier and fewer updates, below 1 for more of them
   * from the same examples.
   *
   * @param factor positive and finite, not 1
   */
  record ScaleBatch(double factor) implements Advice {
    public ScaleBatch {
      if (!(factor > 0 && factor < Double.POSITIVE_INFINITY) || factor == 1) {
        throw new IllegalArgumentException("a batch is scaled by a positive and finite factor other than 1, but was to be by " + factor);
      }
    }

    @Override
    public String word() {
      return "scale_batch";
    }

    @Override
    public String measure() {
      return "factor";
    }

    @Override
    public double amount() {
      return factor;
    }

    @Override
    public String toString() {
      return "multiply the batch size by " + factor;
    }
  }

  /**
   * Train the lowest layers, next to the input, no further: their gradients need not be computed any more.
   *
   * @param layers how many are frozen from now on, those that already are included; at least 1
   */
  record FreezeLayers(int layers) implements Advice {
    public FreezeLayers {
      requireLayers(layers);
    }

    @Override
    public String word() {
      return "freeze_layers";
    }

    @Override
    public String measure() {
      return "layers";
    }

    @Override
    public double amount() {
      return layers;
    }

    @Override
    public String toString() {
      return "freeze the lowest " + layers + (layers == 1 ? " layer" : " layers");
    }
  }

  /**
   * Take the lowest layers out of the training: what they put out is computed once for all examples and stored, so that the model that
   * is trained from now on begins above them. It saves their forward pass as well, and rules out augmenting the examples.
   *
   * @param layers how many are taken out from now on, those that already are included; at least 1
   */
  record ShrinkModel(int layers) implements Advice {
    public ShrinkModel {
      requireLayers(layers);
    }

    @Override
    public String word() {
      return "shrink_model";
    }

    @Override
    public String measure() {
      return "layers";
    }

    @Override
    public double amount() {
      return layers;
    }

    @Override
    public String toString() {
      return "take the lowest " + layers + (layers == 1 ? " layer" : " layers") + " out of the training";
    }
  }

  private static void requireLayers(int layers) {
    if (layers < 1) {
      throw new IllegalArgumentException("an advice is about at least 1 layer, but was to be about " + layers);
    }
  }
}
