package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunShapeTest {
  @ParameterizedTest(name = "{0} -> {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 1 2 3 4 5 6 7 8 9                     | false | RISING
          0 9 8 7 6 5 4 3 2 1                     | false | EARLY_PEAK
          0 5 8 9 9 9 9 9 9 9                     | false | PLATEAU
          0 5 8 9 9 9 9 9 9 9.01                  | false | PLATEAU
          3 3 3 3 3 3 3 3 3 3                     | false | PLATEAU
          0 1 2 3 4 5 6 7 8 9                     | true  | DIVERGED
          1 NaN NaN NaN NaN NaN NaN NaN NaN NaN   | true  | DIVERGED
          """)
  void of_curve_hasTheShape(String curve, boolean diverged, RunShape expected) {
    double[] gains = Arrays.stream(curve.split(" ")).mapToDouble(Double::parseDouble).toArray();

    assertEquals(expected, RunShape.of(gains, diverged));
  }
}
