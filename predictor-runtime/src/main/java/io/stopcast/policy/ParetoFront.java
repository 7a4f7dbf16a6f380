package io.stopcast.policy;

import io.stopcast.run.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What has been reached under two objectives, of which neither can be had for free: the points that no other one dominates.
 *
 * <p>A point <i>dominates</i> another if it is at least as good in both objectives and better in one. Values are in the objectives' own
 * units and directions. Immutable: {@link #with} returns another front; safe for any thread. Adding costs O(points), asking O(log
 * points) and allocates nothing. Infinite values are allowed, NaN is no point.
 *
 * <p>Source: K. Miettinen, "Nonlinear Multiobjective Optimization", 1999.
 */
public final class ParetoFront {
  private final Objective first;
  private final Objective second;
  /** Gains, decreasing; and of the same points the others, increasing: a staircase. */
  private final double[] firsts;
  private final double[] seconds;

  /** A point of a front, in the objectives' own units. */
  public record Point(double first, double second) {}

  private ParetoFront(Objective first, Objective second, double[] firsts, double[] seconds) {
    this.first = first;
    this.second = second;
    this.firsts = firsts;
    this.seconds = seconds;
  }

  /** A front without points. For a trade-off against the cost the second one is {@code Objective.minimize("cost")}. */
  public static ParetoFront of(Objective first, Objective second) {
    if (first.metric().equals(second.metric())) {
      throw new IllegalArgumentException("a front needs two different metrics, but both are '" + first.metric() + "'");
    }
    return new ParetoFront(first, second, new double[0], new double[0]);
  }

  /**
   * Returns the front with a point added and without those that it dominates; this one if it does not enter.
   *
   * @throws IllegalArgumentException if one of the values is NaN
   */
  public ParetoFront with(double firstValue, double secondValue) {
    if (Double.isNaN(firstValue) || Double.isNaN(secondValue)) {
      throw new IllegalArgumentException("a point of a front needs two numbers, but was (" + firstValue + ", " + secondValue + ")");
    }
    if (!admits(firstValue, secondValue)) {
      return this;
    }
    double a = first.gain(firstValue) + 0.0; // no negative zero, which arrays sort below zero
    double b = second.gain(secondValue) + 0.0;
    double[] newFirsts = new double[firsts.length + 1];
    double[] newSeconds = new double[firsts.length + 1];
    int size = 0;
    boolean isIn = false;
    for (int i = 0; i < firsts.length; i++) {
      if (!isIn && firsts[i] <= a) {
        newFirsts[size] = a;
        newSeconds[size++] = b;
        isIn = true;
      }
      if (firsts[i] > a || seconds[i] > b) {
        newFirsts[size] = firsts[i];
        newSeconds[size++] = seconds[i];
      }
    }
    if (!isIn) {
      newFirsts[size] = a;
      newSeconds[size++] = b;
    }
    return new ParetoFront(first, second, Arrays.copyOf(newFirsts, size), Arrays.copyOf(newSeconds, size));
  }

  /** Whether a point of the front is at least as good in both and better in one. False for NaN. */
  public boolean isDominated(double firstValue, double secondValue) {
    int last = lastAtLeast(first.gain(firstValue));
    double b = second.gain(secondValue);
    return last >= 0 && seconds[last] >= b && !(firsts[last] == first.gain(firstValue) && seconds[last] == b);
  }

  /**
   * Whether a point would enter the front: none of it is at least as good in both. What is already there does not enter again. Asked of
   * the best that a run can still reach, it tells whether the run is open. False for NaN.
   */
  public boolean admits(double firstValue, double secondValue) {
    return admitsGains(first.gain(firstValue), second.gain(secondValue));
  }

  boolean admitsGains(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      return false;
    }
    int last = lastAtLeast(a);
    return last < 0 || seconds[last] < b;
  }

  /** The position of the last point whose first gain is at least so large: the one with the largest second of them; -1 if none is. */
  private int lastAtLeast(double gain) {
    int low = 0;
    int high = firsts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (firsts[middle] >= gain) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  public Objective first() {
    return first;
  }

  public Objective second() {
    return second;
  }

  /** The points, from the best to the worst in the first objective. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < firsts.length; i++) {
      points.add(new Point(first.gain(firsts[i]), second.gain(seconds[i])));
    }
    return points;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ParetoFront front
        && first.equals(front.first)
        && second.equals(front.second)
        && Arrays.equals(firsts, front.firsts)
        && Arrays.equals(seconds, front.seconds);
  }

  @Override
  public int hashCode() {
    return Objects.hash(first, second, Arrays.hashCode(firsts), Arrays.hashCode(seconds));
  }

  @Override
  public String toString() {
    return "front of " + firsts.length + " points in " + first.metric() + " and " + second.metric();
  }
}
