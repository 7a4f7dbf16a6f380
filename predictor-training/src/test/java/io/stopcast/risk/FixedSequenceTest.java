package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedSequenceTest {
  @Test
  void rejected_firstThatIsNot_endsIt() {
    double[] p = {.01, .1, .11, .001};
    List<Integer> asked = new ArrayList<>();
    assertEquals(
        2,
        FixedSequence.rejected(
            4,
            i -> {
              asked.add(i);
              return p[i];
            },
            .1));
    assertEquals(List.of(0, 1, 2), asked, "none behind the first that is not rejected");
    assertEquals(0, FixedSequence.rejected(4, i -> .2, .1));
    assertEquals(4, FixedSequence.rejected(4, i -> .1, .1));
    assertEquals(0, FixedSequence.rejected(0, i -> 0, .1));
  }

  /** However many are tested, a true one is rejected no more often than the level; taking the last that passes would be. */
  @Test
  void rejected_manyHypotheses_keepsTheLevel() {
    Random random = new Random(1);
    int wrong = 0;
    int wrongIfTheLastCounted = 0;
    for (int i = 0; i < 4_000; i++) {
      double[] p = random.doubles(30).toArray(); // all true
      wrong += FixedSequence.rejected(30, k -> p[k], .1) > 0 ? 1 : 0;
      boolean any = false;
      for (double one : p) {
        any |= one <= .1;
      }
      wrongIfTheLastCounted += any ? 1 : 0;
    }
    assertEquals(.1, wrong / 4_000.0, .015);
    assertTrue(wrongIfTheLastCounted > 3_500);
  }

  @Test
  void thresholds_goFromCautiousToTheBoldest() {
    assertArrayEquals(new double[] {.995, .99, .985, .983}, Thresholds.downTo(.983));
    assertArrayEquals(new double[] {.995, .99}, Thresholds.downTo(.99));
    assertArrayEquals(new double[] {.999}, Thresholds.downTo(.999));
    double[] all = Thresholds.downTo(.5);
    for (int i = 1; i < all.length; i++) {
      assertTrue(all[i] < all[i - 1]);
    }
  }
}
