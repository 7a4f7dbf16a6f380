package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Objective;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Fronts, and the policy that stops what cannot enter one. */
class ParetoFrontTest {
  private static final Objective EM = Objective.maximize("em");
  private static final Objective COST = Objective.minimize("cost");
  private static final ParetoFront FRONT = ParetoFront.of(EM, COST).with(0.5, 2).with(0.8, 4).with(0.9, 10);

  @Test
  void with_dominatedPoints_areGone() {
    assertEquals(
        List.of(new ParetoFront.Point(0.9, 10), new ParetoFront.Point(0.8, 4), new ParetoFront.Point(0.5, 2)),
        FRONT.points());
    assertEquals(
        List.of(new ParetoFront.Point(0.95, 3), new ParetoFront.Point(0.5, 2)), FRONT.with(0.95, 3).points());
    assertSame(FRONT, FRONT.with(0.8, 4));
    assertSame(FRONT, FRONT.with(0.7, 5));
  }

  @Test
  void isDominated_equalPoint_isNotButDoesNotEnter() {
    assertFalse(FRONT.isDominated(0.8, 4));
    assertFalse(FRONT.admits(0.8, 4));
    assertTrue(FRONT.isDominated(0.8, 5));
    assertTrue(FRONT.isDominated(0.7, 4));
    assertFalse(FRONT.isDominated(0.81, 9));
    assertTrue(FRONT.admits(0.81, 9));
    assertTrue(ParetoFront.of(EM, COST).admits(-1, 1e9));
  }

  /** Against the definition, on few different values so that many are equal. */
  @Test
  void with_randomPoints_keepsWhatNoneDominates() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      ParetoFront front = ParetoFront.of(EM, COST);
      List<double[]> all = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        double[] point = {random.nextInt(12) - 6, random.nextInt(12) - 6};
        boolean isDominated = all.stream().anyMatch(other -> dominates(other, point));
        boolean isThere = all.stream().anyMatch(other -> other[0] == point[0] && other[1] == point[1]);
        assertEquals(isDominated, front.isDominated(point[0], point[1]), "seed " + seed);
        assertEquals(!isDominated && !isThere, front.admits(point[0], point[1]), "seed " + seed);
        front = front.with(point[0], point[1]);
        all.add(point);
      }
      List<ParetoFront.Point> expected =
          all.stream()
              .filter(point -> all.stream().noneMatch(other -> dominates(other, point)))
              .map(point -> new ParetoFront.Point(point[0], point[1]))
              .distinct()
              .sorted((a, b) -> Double.compare(b.first(), a.first()))
              .toList();
      assertEquals(expected.toString().replace("-0.0", "0.0"), front.points().toString().replace("-0.0", "0.0"), "seed " + seed);
    }
  }

  private static boolean dominates(double[] one, double[] other) {
    return one[0] >= other[0] && one[1] <= other[1] && (one[0] > other[0] || one[1] < other[1]);
  }

  @Test
  void observe_stopsWhereNothingCanEnter() {
    OutOfFront policy = new OutOfFront(FRONT, Reach.upTo(0.85), Reach.spent());
    assertEquals(10, Watching.stopOf(policy, Watching.RUN, Watching.steps(new double[12]))); // 0.85 at a cost of 10
    OutOfFront cautious = new OutOfFront(FRONT, Reach.beyondBest(0.2), Reach.spent());
    assertEquals(4, Watching.stopOf(cautious, 0.6, 0.6, 0.3, 0.3)); // 0.8 at a cost of 4
    assertEquals(0, Watching.stopOf(cautious, 0.6, 0.6, 0.61, 0.61));
    assertEquals(
        "no better than 0.8000 in em and 4.000 in cost is possible: the front has as good a point",
        Watching.firstStop(cautious, Watching.RUN, 0.6, 0.6, 0.3, 0.3).reason());
    assertEquals(
        "out-of-front(front of 3 points in em and cost: 0.2 beyond the best; what is spent)", cautious.toString());
  }

  @Test
  void observe_unknownBoundOrEmptyFront_goesOn() {
    List<Step> unknownCost = Watching.steps(0, 0, 0, 0).stream().map(step -> step.withCost(Double.NaN)).toList();
    assertEquals(0, Watching.stopOf(new OutOfFront(FRONT, Reach.upTo(0), Reach.spent()), Watching.RUN, unknownCost));
    assertEquals(0, Watching.stopOf(new OutOfFront(ParetoFront.of(EM, COST), Reach.upTo(0), Reach.spent()), 0, 0));
    ParetoFront sizes = ParetoFront.of(EM, Objective.minimize("mb")).with(0.9, 1);
    assertEquals(0, Watching.stopOf(new OutOfFront(sizes, Reach.upTo(0.5), Reach.beyondLast(0)), 0.1, 0.1));
    assertEquals(0, Watching.stopOf(new OutOfFront(sizes, Reach.upTo(0.5), Reach.beyondBest(0)), 0.1, 0.1));
    Step reported = Step.of(3, 3, List.of("em", "mb"), 0.1, 2);
    assertTrue(new OutOfFront(sizes, Reach.upTo(0.5), Reach.beyondLast(0)).watch(Watching.RUN).observe(reported).isStop());
    assertFalse(new OutOfFront(sizes, Reach.upTo(0.5), Reach.beyondLast(1.5)).watch(Watching.RUN).observe(reported).isStop());
  }

  /** With bounds that hold, nothing is stopped that would have entered. */
  @Test
  void observe_boundsThatHold_neverStopsWhatWouldEnter() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      double[] curve = random.doubles(12).map(value -> Math.rint(value * 8) / 8).toArray();
      ParetoFront front = ParetoFront.of(EM, COST);
      for (int i = 0; i < 4; i++) {
        front = front.with(Math.rint(random.nextDouble() * 8) / 8, 1 + random.nextInt(12));
      }
      int stop = Watching.stopOf(new OutOfFront(front, Reach.upTo(1), Reach.spent()), curve);
      for (int i = stop; stop > 0 && i < curve.length; i++) {
        assertFalse(front.admits(curve[i], i + 1), "seed " + seed);
      }
    }
  }

  @Test
  void new_nonsense_saysSo() {
    assertEquals(
        "a front needs two different metrics, but both are 'em'", messageOf(() -> ParetoFront.of(EM, Objective.minimize("em"))));
    assertEquals("a point of a front needs two numbers, but was (NaN, 1.0)", messageOf(() -> FRONT.with(Double.NaN, 1)));
    assertEquals(
        "what is spent must be minimised, but 'em' is to be as large as possible",
        messageOf(() -> new OutOfFront(FRONT, Reach.spent(), Reach.spent())));
    assertEquals(
        "the level up to which a metric reaches must be finite, but was Infinity",
        messageOf(() -> Reach.upTo(Double.POSITIVE_INFINITY)));
    assertEquals("what a metric may still gain must be at least 0 and finite, but was -1.0", messageOf(() -> Reach.beyondBest(-1)));
    assertEquals("what a metric may still gain must be at least 0 and finite, but was NaN", messageOf(() -> Reach.beyondLast(Double.NaN)));
    assertFalse(FRONT.admits(Double.NaN, 1) || FRONT.isDominated(Double.NaN, 1));
  }

  private static String messageOf(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
