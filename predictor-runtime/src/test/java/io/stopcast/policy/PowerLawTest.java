package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PowerLawTest {
  private static final int PLANNED = 1000;

  @ParameterizedTest(name = "-x^-{0}, {1} of the gain")
  @CsvSource({"0.25,0.5", "0.25,0.1", "0.5,0.1", "0.5,0.02", "1,0.02", "1,0.005", "2,0.01", "2,0.001"})
  void observe_exactPowerLaw_stopsWhereItsRestIsTheShare(double exponent, double share) {
    assertEquals(
        expected(x -> -Math.pow(x, -exponent), share),
        Watching.stopOf(new PowerLaw(share), Watching.planned(PLANNED), curve(x -> -Math.pow(x, -exponent))));
  }

  @Test
  void observe_exactLogarithm_stopsWhereItsRestIsTheShare() {
    assertEquals(
        expected(Math::log, 0.1), Watching.stopOf(new PowerLaw(0.1), Watching.planned(PLANNED), curve(Math::log)));
  }

  @Test
  void observe_plannedCost_stopsAsWithPlannedPoints() {
    RunContext byCost = Watching.RUN.withHorizon(Horizon.ofCost(PLANNED));
    assertEquals(expected(Math::log, 0.1), Watching.stopOf(new PowerLaw(0.1), byCost, curve(Math::log)));
  }

  /** The first point, from the fourth on, at which the law itself has less than the share left. */
  private static int expected(DoubleUnaryOperator law, double share) {
    double first = law.applyAsDouble(1);
    double end = law.applyAsDouble(PLANNED);
    return IntStream.rangeClosed(4, PLANNED)
        .filter(x -> end - law.applyAsDouble(x) < share * (law.applyAsDouble(x) - first))
        .findFirst()
        .orElseThrow();
  }

  private static double[] curve(DoubleUnaryOperator law) {
    return IntStream.rangeClosed(1, PLANNED).mapToDouble(x -> law.applyAsDouble(x)).toArray();
  }

  @Test
  void observe_randomRuns_decidesAsTheDefinitionOverTheWholeCurve() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      double share = 0.02 + 0.2 * random.nextDouble();
      double[] curve = new double[100];
      for (int i = 0; i < curve.length; i++) {
        curve[i] = 1 - Math.pow(i + 1, -0.2 - seed % 7 * 0.2) + 0.02 * random.nextGaussian();
      }
      int stop = Watching.stopOf(new PowerLaw(share), Watching.planned(150), curve);
      assertEquals(stopByDefinition(curve, 150, share), stop, "seed " + seed);
    }
  }

  private static int stopByDefinition(double[] curve, double planned, double share) {
    List<DoubleUnaryOperator> shapes =
        List.of(Math::log, x -> -Math.pow(x, -0.25), x -> -Math.pow(x, -0.5), x -> -1 / x, x -> -1 / (x * x));
    double best = curve[0];
    for (int points = 1; points <= curve.length; points++) {
      best = Math.max(best, curve[points - 1]);
      double smallestError = Double.MAX_VALUE;
      double toCome = 0;
      for (DoubleUnaryOperator shape : shapes) {
        double[] line = weightedLine(shape, curve, points, planned);
        if (line[1] > 0 && line[2] < smallestError) {
          smallestError = line[2];
          toCome = line[1] * (shape.applyAsDouble(1) - shape.applyAsDouble(points / planned));
        }
      }
      if (points >= 4 && toCome < share * (best - curve[0])) {
        return points;
      }
    }
    return 0;
  }

  /** Returns a, c and the squared error of gain = a + c shape(x), the i-th point weighing i. */
  private static double[] weightedLine(DoubleUnaryOperator shape, double[] curve, int points, double planned) {
    double weights = points * (points + 1) / 2.0;
    double meanShape = 0;
    double meanGain = 0;
    for (int i = 1; i <= points; i++) {
      meanShape += i * shape.applyAsDouble(i / planned) / weights;
      meanGain += i * curve[i - 1] / weights;
    }
    double square = 0;
    double product = 0;
    for (int i = 1; i <= points; i++) {
      double fromMean = shape.applyAsDouble(i / planned) - meanShape;
      square += i * fromMean * fromMean;
      product += i * fromMean * (curve[i - 1] - meanGain);
    }
    double c = product / square;
    double a = meanGain - c * meanShape;
    double error = 0;
    for (int i = 1; i <= points; i++) {
      double residual = curve[i - 1] - a - c * shape.applyAsDouble(i / planned);
      error += i * residual * residual;
    }
    return new double[] {a, c, error};
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 1 1 1 1 1", "3 2 1 0 -1", "NaN NaN NaN NaN NaN", "1 2 3", "1 2 NaN NaN 3"})
  void observe_nothingGainedOrTooFewPoints_goesOn(String curve) {
    assertEquals(0, Watching.stopOf(new PowerLaw(10), Watching.planned(100), Watching.curve(curve)));
  }

  @Test
  void observe_collapse_promisesNothing() {
    assertEquals(
        new Decision.Stop(
            "power-law(0.01 of gain)",
            "a power law promises another 0.000 up to the end of the plan, after 4.000 gained so far"),
        Watching.firstStop(new PowerLaw(0.01), Watching.planned(100), 0, 4, 1, -3, -9));
  }

  @Test
  void observe_beyondThePlan_promisesNothing() {
    assertEquals(10, Watching.stopOf(new PowerLaw(1e-9), Watching.planned(10), curve(Math::log)));
  }

  @Test
  void observe_unknownPlan_neverStops() {
    RunContext byCost = Watching.RUN.withHorizon(Horizon.ofCost(100));
    List<Step> steps = IntStream.range(0, 20).mapToObj(i -> Step.of(i, Double.NaN, "em", Math.min(i, 3))).toList();
    assertEquals(0, Watching.stopOf(new PowerLaw(10), byCost, steps));
    assertEquals(0, Watching.stopOf(new PowerLaw(10), Watching.RUN, steps));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void new_shareOutside_namesIt(double share) {
    var e = assertThrows(IllegalArgumentException.class, () -> new PowerLaw(share));
    assertEquals("the share of the gain so far must be above 0 and finite, but was " + share, e.getMessage());
  }
}
