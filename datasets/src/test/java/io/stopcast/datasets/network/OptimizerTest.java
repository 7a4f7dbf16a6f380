package io.stopcast.datasets.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerTest {
  private static double afterTwoSteps(String name, double weightDecay) {
    Optimizer optimizer = new Optimizer(name, weightDecay, 0.999, 1);
    double[] weights = {1};
    optimizer.step(weights, new double[] {0.5}, 0.1);
    optimizer.step(weights, new double[] {0.25}, 0.1);
    return weights[0];
  }

  @Test
  void step_sgd_addsTheDecayToTheGradient() {
    double first = 1 - 0.1 * (0.5 + 0.2 * 1);
    assertEquals(first - 0.1 * (0.25 + 0.2 * first), afterTwoSteps("sgd", 0.2), 1e-15);
  }

  @Test
  void step_momentum_keepsNineTenths() {
    assertEquals(1 - 0.1 * 0.5 - 0.1 * (0.9 * 0.5 + 0.25), afterTwoSteps("momentum", 0), 1e-15);
  }

  @Test
  void step_adamW_followsThePaper() {
    double first = (1 - 0.1 * 0.2) * 1 - 0.1; // the first step is the rate, whatever the gradient
    double m = (0.9 * 0.1 * 0.5 + 0.1 * 0.25) / (1 - 0.81);
    double v = (0.999 * 0.001 * 0.25 + 0.001 * 0.0625) / (1 - 0.999 * 0.999);
    assertEquals((1 - 0.1 * 0.2) * first - 0.1 * m / Math.sqrt(v), afterTwoSteps("adamw", 0.2), 1e-7);
  }

  @Test
  void new_unknownName_namesThoseThatAre() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Optimizer("lion", 0, 0.999, 1));
    assertEquals("no optimiser is called 'lion'; there are sgd, momentum, adam, adamw", e.getMessage());
  }

  @ParameterizedTest(name = "{0} moves to {1}, then to {2}")
  @CsvSource({"sgd, 0.8, 0.4", "momentum, 0.8, 0.22", "adam, 0.9, 0.8034"})
  void step_gradientsTwoAndFour_movesByTheTextbook(String name, double afterOne, double afterTwo) {
    // Adam: first moment 0.1 * 2 * 0.9 + 0.1 * 4 = 0.58 over 0.19, second 0.003996 + 0.016 = 0.019996 over 0.001999.
    Optimizer optimizer = new Optimizer(name, 0, 0.999, 1);
    double[] weights = {1};

    optimizer.step(weights, new double[] {2}, 0.1);
    assertEquals(afterOne, weights[0], 1e-4);
    optimizer.step(weights, new double[] {4}, 0.1);
    assertEquals(afterTwo, weights[0], 1e-4);
  }
}
