package io.stopcast.datasets.family;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.Tensor;

class AdamTest {
  private static double step(Adam adam, double gradient) {
    Tensor[] updates = {DenseMatrix.createDenseMatrix(new double[][] {{gradient}})};
    return ((DenseMatrix) adam.step(updates, 1)[0]).get(0, 0);
  }

  @Test
  void step_firstOne_isTheRateWhateverTheGradient() {
    for (double gradient : new double[] {1e-3, 5, -1e4}) {
      Adam adam = new Adam(0.01);
      adam.initialise(new LinearParameters(1, 1));

      assertEquals(0.01 * Math.signum(gradient), step(adam, gradient), 1e-7);
    }
  }

  @Test
  void step_secondOne_isAsInThePaper() {
    Adam adam = new Adam(0.1);
    adam.initialise(new LinearParameters(1, 1));
    step(adam, 2);

    double first = (0.9 * 0.1 * 2 + 0.1 * -1) / (1 - 0.81);
    double second = (0.999 * 0.001 * 4 + 0.001 * 1) / (1 - 0.999 * 0.999);
    assertEquals(0.1 * first / (Math.sqrt(second) + 1e-8), step(adam, -1), 1e-12);
  }
}
