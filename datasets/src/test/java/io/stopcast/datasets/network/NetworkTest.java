package io.stopcast.datasets.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkTest {
  private static final int[] WIDTHS = {5, 7, 6, 3};

  private static double[] row(Random random) {
    double[] row = random.doubles(5, -1, 1).toArray();
    row[2] = 0; // is skipped
    return row;
  }

  /** Half the squared distance from (1, 2, 3). */
  private static double loss(double[] answer) {
    double sum = 0;
    for (int j = 0; j < answer.length; j++) {
      sum += (answer[j] - j - 1) * (answer[j] - j - 1) / 2;
    }
    return sum;
  }

  private static double[] delta(double[] answer) {
    double[] delta = answer.clone();
    for (int j = 0; j < delta.length; j++) {
      delta[j] -= j + 1;
    }
    return delta;
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void backward_twoRows_isTheSlopeOfTheirLoss(Activation activation) {
    Random random = new Random(4);
    Network network = new Network(WIDTHS, activation, 1, random);
    double[][] rows = {row(random), row(random)};
    network.clearGradient();
    for (double[] row : rows) {
      network.backward(row, delta(network.forward(row)));
    }
    double[] gradient = network.gradient().clone();

    for (int i = 0; i < gradient.length; i++) {
      double weight = network.weights()[i];
      network.weights()[i] = weight + 1e-6;
      double above = loss(network.forward(rows[0])) + loss(network.forward(rows[1]));
      network.weights()[i] = weight - 1e-6;
      double below = loss(network.forward(rows[0])) + loss(network.forward(rows[1]));
      network.weights()[i] = weight;
      assertEquals((above - below) / 2e-6, gradient[i], 1e-6 * (1 + Math.abs(gradient[i])), "weight " + i);
    }
  }

  /** The sum was computed once; another one means that runs can no longer be trained again. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void training_sameSeed_givesTheSameBitsOnEveryMachine(Activation activation) {
    Random random = new Random(5);
    Network network = new Network(WIDTHS, activation, 0.5, random);
    Optimizer optimizer = new Optimizer("adamw", 0.01, 0.999, network.weights().length);
    for (int step = 0; step < 50; step++) {
      double[] row = row(random);
      network.clearGradient();
      network.backward(row, delta(network.forward(row)));
      optimizer.step(network.weights(), network.gradient(), 0.01);
    }
    long sum = 0;
    for (double weight : network.weights()) {
      sum = 31 * sum + Double.doubleToLongBits(weight);
    }
    long expected = activation == Activation.RELU
            ? 7924372152720673892L
            : activation == Activation.TANH ? 3447464637053705436L : 3235053268874534179L;
    assertEquals(expected, sum);
  }

  @Test
  void gradientNorm_rowOfOnes_isEuclidean() {
    Network network = new Network(new int[] {2, 1}, Activation.RELU, 1, new Random(1));
    network.clearGradient();

    network.forward(new double[] {1, 2});
    network.backward(new double[] {1, 2}, new double[] {2});

    assertArrayEquals(new double[] {2, 4, 2}, network.gradient());
    assertEquals(Math.sqrt(24), network.gradientNorm());
  }
}
