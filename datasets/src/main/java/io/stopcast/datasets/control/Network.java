package io.stopcast.datasets.control;

import java.util.Random;

/**
 * A linear map, or one with a hidden layer of tanh units before it. Mutable: its weights change while it learns.
 *
 * <p>All arithmetic is plain or StrictMath's, so that it gives the same bits on every machine.
 */
final class Network {
  /** How large the first answers are: small, so that a policy starts out nearly uniform. */
  private static final double FIRST_ANSWERS = 0.01;

  private final int inputs;
  private final int hidden;
  private final int outputs;
  private final int last;
  private final double[] weights;

  /**
   * A network that knows nothing yet.
   *
   * @param hidden how many hidden units; 0 for a linear map
   */
  Network(int inputs, int hidden, int outputs, Random random) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.outputs = outputs;
    this.last = hidden == 0 ? 0 : (inputs + 1) * hidden;
    int rows = hidden == 0 ? inputs : hidden;
    this.weights = new double[last + (rows + 1) * outputs];
    // Biases, the last row of each layer, start at zero.
    fill(0, inputs * hidden, 1 / Math.sqrt(inputs), random);
    fill(last, rows * outputs, FIRST_ANSWERS / Math.sqrt(rows), random);
  }

  private void fill(int from, int count, double deviation, Random random) {
    for (int i = from; i < from + count; i++) {
      weights[i] = deviation * random.nextGaussian();
    }
  }

  /**
   * What it took to answer, which its gradient needs.
   *
   * @param layer what the last layer saw: the hidden units, or the input itself
   */
  record Answer(double[] input, double[] layer, double[] output) {}

  Answer answer(double[] input) {
    double[] layer = input;
    if (hidden > 0) {
      layer = times(input, 0, inputs, hidden);
      for (int i = 0; i < hidden; i++) {
        layer[i] = StrictMath.tanh(layer[i]);
      }
    }
    return new Answer(input, layer, times(layer, last, layer.length, outputs));
  }

  private double[] times(double[] vector, int from, int rows, int columns) {
    double[] sums = new double[columns];
    System.arraycopy(weights, from + rows * columns, sums, 0, columns);
    for (int i = 0; i < rows; i++) {
      if (vector[i] != 0) { // grids show a single 1 among zeros
        int row = from + i * columns;
        for (int j = 0; j < columns; j++) {
          sums[j] += vector[i] * weights[row + j];
        }
      }
    }
    return sums;
  }

  /**
   * Adds the gradient by the weights of something of which the gradient by the output is known.
   *
   * @param gradient as long as {@link #weights()}
   */
  void addGradient(Answer answer, double[] byOutput, double[] gradient) {
    addOuter(answer.layer, byOutput, last, gradient);
    if (hidden == 0) {
      return;
    }
    double[] byHidden = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      double sum = 0;
      for (int j = 0; j < outputs; j++) {
        sum += weights[last + i * outputs + j] * byOutput[j];
      }
      byHidden[i] = sum * (1 - answer.layer[i] * answer.layer[i]);
    }
    addOuter(answer.input, byHidden, 0, gradient);
  }

  private static void addOuter(double[] rows, double[] columns, int from, double[] gradient) {
    for (int i = 0; i <= rows.length; i++) {
      double factor = i < rows.length ? rows[i] : 1;
      if (factor != 0) {
        int row = from + i * columns.length;
        for (int j = 0; j < columns.length; j++) {
          gradient[row + j] += factor * columns[j];
        }
      }
    }
  }

  /** All weights, to be changed in place. */
  double[] weights() {
    return weights;
  }

  /** Also false for weights beyond 1e154, whose squares overflow. */
  boolean isFinite() {
    return Double.isFinite(squares(weights));
  }

  static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }
}
