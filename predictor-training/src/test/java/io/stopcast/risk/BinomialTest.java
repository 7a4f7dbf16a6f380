package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinomialTest {
  @ParameterizedTest(name = "at most {0} of {1} at {2}")
  @CsvSource({"0, 1, 0.5", "0, 45, 0.05", "2, 45, 0.05", "10, 20, 0.5", "19, 20, 0.9", "37, 400, 0.1", "3, 3000, 0.001", "90, 800, 0.1"})
  void atMost_someTails_areThoseOfExactArithmetic(int successes, int trials, double probability) {
    double expected = exact(successes, trials, probability);
    assertEquals(expected, Binomial.atMost(successes, trials, probability), 1e-10 * expected);
  }

  private static double exact(int successes, int trials, double probability) {
    MathContext digits = new MathContext(60);
    BigDecimal p = new BigDecimal(probability);
    BigDecimal q = BigDecimal.ONE.subtract(p);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal ways = BigDecimal.ONE;
    for (int k = 0; k <= successes; k++) {
      sum = sum.add(ways.multiply(p.pow(k, digits), digits).multiply(q.pow(trials - k, digits), digits), digits);
      ways = ways.multiply(BigDecimal.valueOf(trials - k)).divide(BigDecimal.valueOf(k + 1), digits);
    }
    return sum.doubleValue();
  }

  @Test
  void atMost_beyondTheRange_isCertainOrImpossible() {
    assertEquals(0, Binomial.atMost(-1, 10, .3));
    assertEquals(1, Binomial.atMost(10, 10, .3));
    assertEquals(1, Binomial.atMost(0, 0, .3));
  }

  @Test
  void atMost_manyTrials_neitherUnderflowsNorOverflows() {
    assertEquals(.5, Binomial.atMost(100_000, 1_000_000, .1), .002);
    assertTrue(Binomial.atMost(1_000, 1_000_000, .1) < 1e-300);
  }
}
