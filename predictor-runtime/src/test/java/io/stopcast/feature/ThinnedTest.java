package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinnedTest {
  @Test
  void add_upToTheCapacity_keepsEveryValue() {
    Thinned curve = counted(Thinned.CAPACITY);
    assertEquals(Thinned.CAPACITY, curve.size());
    for (int i = 0; i < curve.size(); i++) {
      assertEquals(i + 1, curve.mean(i));
      assertEquals(i + 1, curve.best(i));
    }
  }

  @Test
  void add_beyondTheCapacity_keepsMeansOfTwoAndTheLastBest() {
    Thinned curve = counted(Thinned.CAPACITY + 2);
    assertEquals(Thinned.CAPACITY / 2 + 1, curve.size());
    assertEquals(2, curve.stride());
    for (int i = 0; i < curve.size(); i++) {
      assertEquals(2 * i + 1.5, curve.mean(i));
      assertEquals(2 * i + 2, curve.best(i));
    }
  }

  @Test
  void slot_ofAnyShareAtAnyLength_isOffByAtMostOnePartInTheCapacity() {
    Thinned curve = new Thinned();
    for (int n = 1; n <= 100_000; n++) {
      curve.add(n, n, n, n);
      assertTrue(n < Thinned.CAPACITY || curve.size() >= Thinned.CAPACITY / 2);
      for (double share : new double[] {.1, .25, .5, .75, .9}) {
        double wanted = Math.max(1, Math.floor(share * n));
        double found = curve.best(curve.slot(share));
        assertTrue(Math.abs(found - wanted) <= n / (double) Thinned.CAPACITY, share + " of " + n + " gave " + found);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 52, 53, 1000, 123_456})
  void fit_straightLine_hasItsSlopeWhateverTheLength(int length) {
    Thinned curve = counted(length);
    LineFit line = new LineFit();
    curve.fit(0, 1, line);
    assertEquals(curve.stride(), line.slope(), 1e-9 * curve.stride());
  }

  private static Thinned counted(int length) {
    Thinned curve = new Thinned();
    for (int i = 1; i <= length; i++) {
      curve.add(i, i, i, i);
    }
    return curve;
  }
}
