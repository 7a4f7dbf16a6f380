package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.TaskId;
import io.stopcast.model.OutlookCurve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OutlookFittingTest {
  @Test
  void rising_byHand_poolsWhatFalls() {
    assertArrayEquals(
        new double[] {.1, .35, .35, .35, .9},
        OutlookFitting.rising(new double[] {.1, .5, .3, .25, .9}, new double[] {1, 1, 1, 1, 1}),
        1e-12);
    assertArrayEquals(
        new double[] {.25, .25, .4}, OutlookFitting.rising(new double[] {.4, .2, .4}, new double[] {1, 3, 1}), 1e-12);
  }

  /** The value at i is the largest over all starts up to i of the smallest mean over all ends from i on. */
  @Test
  void rising_anyValues_areTheMinimaxMeans() {
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 0; trial < 500; trial++) {
      int n = 1 + random.nextInt(12);
      double[] values = random.doubles(n).map(x -> Math.rint(x * 10) / 10).toArray();
      double[] weights = random.doubles(n, .1, 3).toArray();
      double[] expected = new double[n];
      for (int i = 0; i < n; i++) {
        expected[i] = Double.NEGATIVE_INFINITY;
        for (int a = 0; a <= i; a++) {
          double smallest = Double.POSITIVE_INFINITY;
          for (int b = i; b < n; b++) {
            smallest = Math.min(smallest, mean(values, weights, a, b));
          }
          expected[i] = Math.max(expected[i], smallest);
        }
      }
      assertArrayEquals(expected, OutlookFitting.rising(values, weights), 1e-12);
    }
  }

  private static double mean(double[] values, double[] weights, int a, int b) {
    double sum = 0;
    double weight = 0;
    for (int i = a; i <= b; i++) {
      sum += values[i] * weights[i];
      weight += weights[i];
    }
    return sum / weight;
  }

  private static OutlookFitting.Point point(int task, double score, boolean right, double gain, double further) {
    return new OutlookFitting.Point((float) score, 1, new TaskId("test", "t" + task), right, gain, further);
  }

  private static OutlookCurve curve(List<OutlookFitting.Point> points) {
    return new OutlookFitting(List.of(points)).all();
  }

  @Test
  void without_aFold_isTheCurveOfTheOthers() {
    SplittableRandom random = new SplittableRandom(6);
    List<List<OutlookFitting.Point>> folds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 3000; i++) {
      // Equal scores, gains that are equal as floats and not as doubles, gains of unknown unit: none may depend on who is left out.
      double gain = i % 11 == 0 ? Double.NaN : i % 3 == 0 ? 0 : .25 + random.nextInt(9) * 1e-12;
      folds.get(i % 3).add(new OutlookFitting.Point(random.nextInt(200) / 200f, 1 + i % 5, new TaskId("test", "t" + i % 17), i % 2 == 0, gain, .5));
    }
    OutlookCurve without = new OutlookFitting(folds).without(1).orElseThrow();
    List<OutlookFitting.Point> others = new ArrayList<>(folds.get(0));
    others.addAll(folds.get(2));
    OutlookCurve alone = curve(others);
    assertArrayEquals(alone.score(), without.score());
    assertArrayEquals(alone.probability(), without.probability());
    assertArrayEquals(alone.gain(), without.gain());
    assertArrayEquals(alone.gainMedian(), without.gainMedian());
    assertArrayEquals(alone.gainHigh(), without.gainHigh());
    assertArrayEquals(alone.points(), without.points());
    assertTrue(new OutlookFitting(List.of(others)).without(0).isEmpty());
  }

  @Test
  void fit_scoreThatMeansItsSquare_findsThat() {
    SplittableRandom random = new SplittableRandom(5);
    List<OutlookFitting.Point> points = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      double score = random.nextDouble();
      double gain = (1 - score) * random.nextDouble();
      points.add(point(random.nextInt(300), score, random.nextDouble() < score * score, gain, .5 * (1 - score)));
    }
    OutlookCurve curve = curve(points);
    for (double score = .05; score < 1; score += .05) {
      assertEquals(score * score, curve.probability(score), .025, "at " + score);
      double unitGain = curve.outlook(score, 1, 1, Double.NaN).gainMedian();
      assertEquals((1 - score) / 2, unitGain / (1 + unitGain), .025, "at " + score);
      double high = curve.outlook(score, 1, 1, Double.NaN).gainHigh();
      assertEquals((1 - score) * .9, high / (1 + high), .025, "at " + score);
      double further = curve.outlook(score, 1, 1, Double.NaN).pointsToGain();
      assertEquals((1 - score) / 2, further / (1 + further), .025, "at " + score);
    }
  }

  @Test
  void fit_orderOfPoints_doesNotMatter() {
    List<OutlookFitting.Point> points = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      points.add(point(i % 7, (i * 37 % 50) / 64.0, i * 37 % 50 > 20, .25, .5));
    }
    double[] before = curve(points).probability();
    Collections.shuffle(points, new Random(1));
    assertArrayEquals(before, curve(points).probability());
  }

  @Test
  void fit_fewTasks_nothingIsCertain() {
    List<OutlookFitting.Point> points = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      points.add(point(i % 4, i / 10_000.0, i >= 5000, Double.NaN, 0));
    }
    OutlookCurve curve = curve(points);
    assertEquals(.9, curve.probability(1), 1e-9, "4.5 of 5 tasks");
    assertEquals(.1, curve.probability(0), 1e-9);
    assertEquals(0, curve.outlook(1, 1, 1, Double.NaN).gain(), "no unit was known");
  }

  @Test
  void fit_oneScoreOnly_isOneKnot() {
    OutlookCurve curve = curve(List.of(point(1, .5, true, .2, 0), point(1, .5, false, .4, 0)));
    assertEquals(1, curve.score().length);
    assertEquals(.5, curve.probability(.3));
    assertTrue(Arrays.equals(new double[] {.3}, curve.gain()), Arrays.toString(curve.gain()));
  }
}
