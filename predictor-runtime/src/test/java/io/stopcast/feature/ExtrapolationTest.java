package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtrapolationTest {
  @ParameterizedTest(name = "a curve that slows down with power {0}, after {1} values")
  @CsvSource(
      textBlock =
          """
          .5, 10
          .5, 52
          1, 40
          2, 30
          0, 40
          .5, 300
          1, 1000
          0, 5000
          """)
  void fit_curveOfAFamily_findsItAndWhereItGoes(double power, int length) {
    DoubleUnaryOperator curve = x -> power == 0 ? Math.log(x) : 3 - Math.pow(x, -power);
    Extrapolation ahead = fit(curve, length, 3);
    double now = curve.applyAsDouble(length);
    double doubled = curve.applyAsDouble(2 * length) - now;
    double planned = curve.applyAsDouble(3 * length) - now;
    assertEquals(doubled, ahead.doubled(), .03 * doubled);
    assertEquals(planned, ahead.planned(), .03 * planned);
    assertEquals(power, ahead.exponent(), .1);
    assertTrue(ahead.deviation() < .03 * planned, "deviation " + ahead.deviation());
  }

  @Test
  void fit_fallingCurve_expectsNothing() {
    Extrapolation ahead = fit(x -> -x, 40, 10);
    assertEquals(ahead.doubled(), ahead.planned(), 1e-12);
  }

  @Test
  void fit_noise_isLeftOver() {
    Random random = new Random(1);
    Extrapolation ahead = fit(x -> random.nextGaussian(), 50, 2);
    assertEquals(1, ahead.deviation(), .2);
  }

  @Test
  void fit_fewerThanFourValues_isMissing() {
    Extrapolation ahead = fit(x -> x, 3, 2);
    assertEquals(Double.NaN, ahead.doubled());
    assertEquals(Double.NaN, ahead.planned());
    assertEquals(Double.NaN, ahead.deviation());
    assertEquals(Double.NaN, ahead.exponent());
  }

  @Test
  void fit_unknownHorizon_missesOnlyThePlannedValue() {
    Extrapolation ahead = fit(Math::sqrt, 30, Double.NaN);
    assertEquals(Double.NaN, ahead.planned());
    assertTrue(ahead.doubled() > 0);
  }

  /** Returns what is expected relative to the last value, in the curve's own unit. */
  private static Extrapolation fit(DoubleUnaryOperator values, int length, double longer) {
    Thinned curve = new Thinned();
    double last = Double.NaN;
    for (int x = 1; x <= length; x++) {
      last = values.applyAsDouble(x);
      curve.add(last, last, last, Double.NaN);
    }
    Extrapolation ahead = new Extrapolation();
    ahead.fit(curve, last, 1, longer);
    return ahead;
  }
}
