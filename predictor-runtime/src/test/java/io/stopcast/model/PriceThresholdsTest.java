package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceThresholdsTest {
  private static final PriceThresholds THREE = PriceThresholds.parse("0.01=0.9;0.1=0.5;1.0=0.6");

  @ParameterizedTest(name = "at price {0}: {1}")
  @CsvSource({
    "1e-300, 0.9",
    "0.01, 0.9",
    "0.1, 0.5",
    "1, 0.6",
    "1e300, 0.6",
    "0.03162277660168379, 0.7",
    "0.31622776601683794, 0.55"
  })
  void thresholdFor_anyPrice_interpolatesInItsLogarithm(double price, double expected) {
    assertEquals(expected, THREE.thresholdFor(price), 1e-12);
  }

  @Test
  void thresholdFor_neighbouringPrices_staysBetweenTheirThresholds() {
    double price = 0.1;
    PriceThresholds close = PriceThresholds.parse(price + "=0.3;" + Math.nextUp(Math.nextUp(price)) + "=0.4");
    double threshold = close.thresholdFor(Math.nextUp(price));
    assertEquals(0.35, threshold, 0.05);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void thresholdFor_noPrice_isRefused(double price) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> THREE.thresholdFor(price));
    assertEquals("a price must be positive and finite, but was " + price, e.getMessage());
  }

  @Test
  void format_anyThresholds_parsesBack() {
    assertEquals("0.01=0.9;0.1=0.5;1.0=0.6", THREE.format());
    assertEquals(THREE, PriceThresholds.parse(THREE.format()));
    PriceThresholds extreme = PriceThresholds.parse("4.9E-324=1.0E-9;1.7976931348623157E308=1.0");
    assertEquals(extreme, PriceThresholds.parse(extreme.format()));
  }

  @ParameterizedTest(name = "[{0}]")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                | price thresholds look like 0.03=0.61;0.1=0.55, but were ""
          0.1               | price thresholds look like 0.03=0.61;0.1=0.55, but were "0.1"
          0.1=0.5;          | price thresholds look like 0.03=0.61;0.1=0.55, but were "0.1=0.5;"
          0.1=x             | price thresholds look like 0.03=0.61;0.1=0.55, but were "0.1=x"
          0.1=NaN           | price thresholds look like 0.03=0.61;0.1=0.55, but were "0.1=NaN"
          0.1=1..2          | price thresholds look like 0.03=0.61;0.1=0.55, but were "0.1=1..2"
          0.1=0.5;0.1=0.6   | prices must ascend, but 0.1 follows 0.1
          0.1=0.5;0.05=0.6  | prices must ascend, but 0.05 follows 0.1
          0=0.5             | a price must be positive and finite, but was 0.0
          1e999=0.5         | a price must be positive and finite, but was Infinity
          0.1=0             | the threshold at price 0.1 must be above 0 and at most 1, but was 0.0
          0.1=1.01          | the threshold at price 0.1 must be above 0 and at most 1, but was 1.01
          """)
  void parse_somethingElse_isRefused(String text, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> PriceThresholds.parse(text));
    assertEquals(message, e.getMessage());
  }
}
