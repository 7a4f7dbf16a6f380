package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.datasets.family.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerTest {
  private static Optimizer optimizer(String name, double decay) {
    return new Optimizer(new Settings(Map.of("optimizer", name, "weight_decay", decay)), 2);
  }

  /** From weights 1 and -2 with gradients 0.5 and -4 twice, at rate 0.1. */
  @ParameterizedTest(name = "{0} with decay {1}: {2}, {3}, then {4}, {5}")
  @CsvSource({
    "sgd, 0, 0.95, -1.6, 0.9, -1.2",
    "sgd, 0.1, 0.94, -1.58, 0.8806, -1.1642",
    "momentum, 0, 0.95, -1.6, 0.855, -0.84",
    "adam, 0, 0.9, -1.9, 0.8, -1.8",
    "adam, 0.1, 0.9, -1.9, 0.8, -1.8", // a decay within the gradient hardly changes its sign
    "adamw, 0.1, 0.89, -1.88, 0.7811, -1.7612"
  })
  void step_twice(String name, double decay, float first, float second, float then, float last) {
    Optimizer optimizer = optimizer(name, decay);
    float[] weights = {1, -2};

    optimizer.step(weights, new float[] {0.5f, -4}, 0.1f);
    assertArrayEquals(new float[] {first, second}, weights, 1e-4f);
    optimizer.step(weights, new float[] {0.5f, -4}, 0.1f);
    assertArrayEquals(new float[] {then, last}, weights, 1e-3f);
  }

  @Test
  void construction_unknownName_isRefused() {
    IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> optimizer("lion", 0));

    assertEquals("the optimiser should be sgd, momentum, adam or adamw, but is lion", failure.getMessage());
  }
}
