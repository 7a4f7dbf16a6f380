package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignedRankTest {
  @Test
  void of_fivePairs_isWhatTheTablesSay() {
    // Of the 32 ways to sign 1..5, ten have a sum of at most 5: 0, 1, 2, 3, 1+2, 4, 1+3, 5, 1+4, 2+3.
    assertEquals(new SignedRank(5, 10, 5, 20.0 / 32), SignedRank.of(new double[] {.1, .2, .3, .4, -.5}));
    assertEquals(new SignedRank(5, 15, 0, 2.0 / 32), SignedRank.of(new double[] {1, 2, 3, 4, 5}));
  }

  @Test
  void of_ties_shareTheirRank_andZerosAreLeftOut() {
    // Ranks 1.5 1.5 3: sums of at most 1.5 are none, the first, the second, so 3 of 8.
    assertEquals(new SignedRank(3, 4.5, 1.5, 6.0 / 8), SignedRank.of(new double[] {0, 2, -2, 7, 0}));
    assertEquals(new SignedRank(0, 0, 0, 1), SignedRank.of(new double[] {0, 0}));
  }

  @Test
  void of_noDifference_isSmallAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(1);
    int small = 0;
    for (int i = 0; i < 2000; i++) {
      double[] noise = IntStream.range(0, 40).mapToDouble(k -> random.nextDouble() - 0.5).toArray();
      small += SignedRank.of(noise).p() < 0.05 ? 1 : 0;
    }
    assertEquals(100, small, 30);
  }

  @Test
  void holm_smallestTimesAll_thenFewer_neverFalling() {
    assertArrayEquals(
        new double[] {.03, .06, .06, .02}, SignedRank.holm(new double[] {.01, .04, .03, .005}), 1e-15);
    assertArrayEquals(new double[] {1, 1}, SignedRank.holm(new double[] {.6, .9}));
  }
}
