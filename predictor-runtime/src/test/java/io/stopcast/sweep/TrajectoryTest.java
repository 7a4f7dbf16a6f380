package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TrajectoryTest {
  @Test
  void read_fewPoints_isExact() {
    Trajectory t = new Trajectory();
    assertEquals(Double.NaN, t.upTo(1));
    assertEquals(Double.NaN, t.onLine(1));
    t.add(1, 10);
    t.add(3, 30);
    t.add(4, 0);
    assertEquals(Double.NaN, t.upTo(0.5));
    assertEquals(10, t.upTo(1));
    assertEquals(10, t.upTo(2.9));
    assertEquals(0, t.upTo(99));
    assertEquals(Double.NaN, t.onLine(0.5));
    assertEquals(15, t.onLine(1.5));
    assertEquals(30, t.onLine(3));
    assertEquals(0, t.onLine(4));
    assertEquals(Double.NaN, t.onLine(4.5));
    assertArrayEquals(new double[] {3, 4}, t.within(2, 4));
    assertArrayEquals(new double[] {1, 3}, t.within(1, 3.5));
  }

  @Test
  void read_manyPoints_everySecondIsForgottenButTheLast() {
    for (int n : new int[] {Trajectory.MOST, Trajectory.MOST + 1, 2 * Trajectory.MOST + 1, 10_001}) {
      Trajectory t = new Trajectory();
      for (int i = 1; i <= n; i++) {
        t.add(i, 2.0 * i);
      }
      double[] kept = t.within(0, n);
      assertTrue(kept.length <= Trajectory.MOST + 1 && kept.length >= Trajectory.MOST / 2, n + ": " + kept.length);
      assertEquals(1, kept[0]);
      assertEquals(n, kept[kept.length - 1]);
      assertEquals(2.0 * n, t.upTo(n));
      for (double at : kept) {
        assertEquals(2 * at, t.upTo(at));
      }
      assertEquals(n + 1.0, t.onLine((n + 1) / 2.0), 1e-9, "a line stays one");
      assertTrue(t.upTo(n / 2.0) <= n && t.upTo(n / 2.0) > 0.9 * n, "the last one kept before");
    }
  }
}
