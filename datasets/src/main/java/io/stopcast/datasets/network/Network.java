package io.stopcast.datasets.network;

import java.util.Arrays;
import java.util.Random;

/**
 * A multilayer perceptron: dense layers, one activation for all hidden units, none for the outputs.
 *
 * <p>Only operations that the Java specification fixes to the bit, in a fixed order: the same seed gives the same
 * weights on every machine. Inner loops run along rows of weights without reductions, which compilers turn into vector
 * instructions; sums keep four partial sums for the same reason. Inputs that are 0 are skipped, so that sparse rows are
 * cheap.
 *
 * <p>Weights start uniform within the square root of 6 / inputs, as in He et al., "Delving Deep into Rectifiers", 2015;
 * biases at 0. Not for use by several threads.
 */
public final class Network {
  private final int[] widths;
  private final Activation activation;
  private final int[] offsets;
  private final double[] weights;
  private final double[] gradient;
  private final double[][] inputs;
  private final double[][] outputs;
  private final double[][] deltas;
  private int frozen;

  /**
   * A network with random weights.
   *
   * @param widths inputs, then hidden units layer by layer, then outputs
   * @param scale by what the usual starting weights are multiplied
   */
  public Network(int[] widths, Activation activation, double scale, Random random) {
    this.widths = widths.clone();
    this.activation = activation;
    int layers = widths.length - 1;
    offsets = new int[layers + 1];
    inputs = new double[layers][];
    outputs = new double[layers][];
    deltas = new double[layers][];
    for (int layer = 0; layer < layers; layer++) {
      offsets[layer + 1] = offsets[layer] + (widths[layer] + 1) * widths[layer + 1];
      inputs[layer] = new double[widths[layer + 1]];
      outputs[layer] = new double[widths[layer + 1]];
      deltas[layer] = new double[widths[layer + 1]];
    }
    weights = new double[offsets[layers]];
    gradient = new double[offsets[layers]];
    for (int layer = 0; layer < layers; layer++) {
      double range = scale * Math.sqrt(6.0 / widths[layer]);
      int count = widths[layer] * widths[layer + 1];
      for (int i = 0; i < count; i++) {
        weights[offsets[layer] + i] = range * (2 * random.nextDouble() - 1);
      }
    }
  }

  /** All weights, biases included; changing them changes the network. */
  public double[] weights() {
    return weights;
  }

  /** How many layers there are, each with the weights behind it: the hidden ones and that of the outputs. */
  public int layers() {
    return widths.length - 1;
  }

  /** Where the weights of a layer, counted from 0 next to the inputs, begin in {@link #weights}; for the number of layers, how many weights there are. */
  public int offset(int layer) {
    return offsets[layer];
  }

  /**
   * Spares the lowest layers' gradients, which stay as they are from the next {@link #clearGradient} on: 0. Who updates the weights from
   * {@link #offset} of that layer on leaves those below alone.
   *
   * @param layers how many; 0 to one less than there are
   */
  public void freeze(int layers) {
    if (layers < 0 || layers >= layers()) {
      throw new IllegalArgumentException("of %d layers 0 to %d can be frozen, but were to be %d".formatted(layers(), layers() - 1, layers));
    }
    frozen = layers;
  }

  /** The sum of the gradients since {@link #clearGradient}, in the order of {@link #weights}. */
  public double[] gradient() {
    return gradient;
  }

  /** Forgets the gradient. */
  public void clearGradient() {
    Arrays.fill(gradient, 0);
  }

  /** Returns the outputs for a row; the array is the network's own and lasts until the next row. */
  public double[] forward(double[] row) {
    double[] from = row;
    int last = outputs.length - 1;
    for (int layer = 0; layer <= last; layer++) {
      double[] sum = inputs[layer];
      int width = widths[layer + 1];
      System.arraycopy(weights, offsets[layer] + widths[layer] * width, sum, 0, width);
      for (int i = 0; i < from.length; i++) {
        if (from[i] != 0) {
          addScaled(weights, offsets[layer] + i * width, from[i], sum, 0, width);
        }
      }
      if (layer == last) {
        return sum;
      }
      double[] output = outputs[layer];
      for (int j = 0; j < width; j++) {
        output[j] = activation.apply(sum[j]);
      }
      from = output;
    }
    throw new IllegalStateException("a network has at least one layer");
  }

  /**
   * Adds to the gradient what the row that went {@link #forward} last contributes.
   *
   * @param row that row
   * @param outputDelta the derivative of its loss by each output
   */
  public void backward(double[] row, double[] outputDelta) {
    int last = outputs.length - 1;
    double[] delta = outputDelta;
    for (int layer = last; layer >= frozen; layer--) {
      double[] from = layer == 0 ? row : outputs[layer - 1];
      int width = widths[layer + 1];
      for (int i = 0; i < from.length; i++) {
        if (from[i] != 0) {
          addScaled(delta, 0, from[i], gradient, offsets[layer] + i * width, width);
        }
      }
      addScaled(delta, 0, 1, gradient, offsets[layer] + widths[layer] * width, width);
      if (layer > frozen) {
        double[] below = deltas[layer - 1];
        for (int i = 0; i < below.length; i++) {
          double slope = activation.slope(inputs[layer - 1][i], from[i]);
          below[i] = slope == 0 ? 0 : slope * dot(weights, offsets[layer] + i * width, delta, width);
        }
        delta = below;
      }
    }
  }

  /** The Euclidean norm of the gradient. */
  public double gradientNorm() {
    return Math.sqrt(dot(gradient, 0, gradient, gradient.length));
  }

  private static void addScaled(double[] from, int fromOffset, double factor, double[] to, int toOffset, int width) {
    for (int j = 0; j < width; j++) {
      to[toOffset + j] += factor * from[fromOffset + j];
    }
  }

  private static double dot(double[] a, int offset, double[] b, int width) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int j = 0;
    for (; j + 3 < width; j += 4) {
      sum0 += a[offset + j] * b[j];
      sum1 += a[offset + j + 1] * b[j + 1];
      sum2 += a[offset + j + 2] * b[j + 2];
      sum3 += a[offset + j + 3] * b[j + 3];
    }
    for (; j < width; j++) {
      sum0 += a[offset + j] * b[j];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
