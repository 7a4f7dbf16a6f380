package io.stopcast.datasets.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worlds against steps that were worked out by hand. */
class ControlWorldsTest {
  private static final int UP = 0;
  private static final int DOWN = 1;
  private static final int LEFT = 2;
  private static final int RIGHT = 3;

  static List<World> worlds() {
    return List.of(
        CartPole.CLASSIC, new CartPole(1, 6, 4, 0.1), GridWorld.CLIFF, GridWorld.KEYS, new MountainCar());
  }

  @Test
  void next_uprightAndAtRest_isPushedAsThePaperSays() {
    CartPole.State next = CartPole.CLASSIC.next(new CartPole.State(0, 0, 0, 0), 10);

    // Nothing but the push: the pole turns by -(10 / 1.1) / (0.5 (4/3 - 0.1 / 1.1)) = -600/41 a second squared,
    // the cart speeds up by (10 + 0.05 * 600/41) / 1.1 = 400/41 metres a second squared; each for 0.02 s.
    assertEquals(0, next.x());
    assertEquals(8.0 / 41, next.speed(), 1e-14);
    assertEquals(0, next.angle());
    assertEquals(-12.0 / 41, next.spin(), 1e-14);
  }

  @Test
  void next_leaningAndMoving_obeysTheEquationsOfMotion() {
    CartPole.State now = new CartPole.State(0.5, 1, 0.1, -0.3);
    CartPole.State next = CartPole.CLASSIC.next(now, -10);

    // With sin 0.1 = 0.0998334166 and cos 0.1 = 0.9950041653: the pole turns by
    //   (9.8 * 0.0998334166 + 0.9950041653 * (10 - 0.05 * 0.09 * 0.0998334166 + 0.0005) / 1.1 + 0.000002 * 0.3 / 0.05)
    //   / (0.5 * (4/3 - 0.1 * 0.9900332889 / 1.1)) = 10.0239178003 / 0.6216651535 = 16.1243038046
    // a second squared, the cart speeds up by
    //   (-10 + 0.05 * (0.09 * 0.0998334166 - 16.1243038046 * 0.9950041653) - 0.0005) / 1.1 = -9.8202165655.
    assertEquals(0.52, next.x(), 1e-12);
    assertEquals(1 - 0.02 * 9.8202165655, next.speed(), 1e-9);
    assertEquals(0.1 - 0.006, next.angle(), 1e-12);
    assertEquals(-0.3 + 0.02 * 16.1243038046, next.spin(), 1e-9);
  }

  @Test
  void act_alwaysToOneSide_dropsThePoleLongBeforeTheEnd() {
    World.Episode episode = CartPole.CLASSIC.start(new Random(1));
    int steps = 0;
    while (!episode.isOver()) {
      assertEquals(1, episode.act(1));
      steps++;
    }
    assertTrue(steps >= 7 && steps <= 12, steps + " steps");
    assertFalse(episode.isSuccess());
  }

  @Test
  void next_fullThrottleInTheValley_movesAsTheBookSays() {
    MountainCar.State next = new MountainCar.State(-0.5, 0.01).next(1);

    // 0.01 + 0.001 - 0.0025 cos(-1.5), cos 1.5 = 0.0707372017
    assertEquals(0.01082315700, next.speed(), 1e-11);
    assertEquals(-0.48917684300, next.x(), 1e-11);
    assertEquals(new MountainCar.State(-1.2, 0), new MountainCar.State(-1.19, -0.07).next(-1));
    assertTrue(new MountainCar.State(0.45, 0.07).next(1).isOnTop());
  }

  @Test
  void act_alongTheEdgeOfTheCliff_paysForEachStepAndForTheFall() {
    GridWorld calm = new GridWorld(List.of("...", "SCG"), 10, 0, -1, -100, 0, 0, 1);
    World.Episode episode = calm.start(new Random(1));

    assertArrayEquals(new double[] {0, 0, 0, 1, 0, 0}, episode.observe());
    assertEquals(-101, episode.act(RIGHT));
    assertArrayEquals(new double[] {0, 0, 0, 1, 0, 0}, episode.observe());
    assertEquals(-1, episode.act(LEFT)); // into the wall around
    assertEquals(-1, episode.act(UP));
    assertEquals(-1, episode.act(RIGHT));
    assertEquals(-1, episode.act(RIGHT));
    assertArrayEquals(new double[] {0, 0, 1, 0, 0, 0}, episode.observe());
    assertFalse(episode.isOver());
    assertEquals(-1, episode.act(DOWN));
    assertTrue(episode.isOver() && episode.isSuccess());
  }

  @Test
  void act_throughTheDoor_needsTheKeyAndIsRewardedTheLessTheLater() {
    GridWorld corridor = new GridWorld(List.of("KSDG"), 10, 0, 0, 0, 1, 0.9, 1);
    World.Episode episode = corridor.start(new Random(1));

    assertEquals(0, episode.act(RIGHT));
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 0, 0, 0}, episode.observe());
    assertEquals(0, episode.act(LEFT));
    assertArrayEquals(new double[] {0, 0, 0, 0, 1, 0, 0, 0}, episode.observe());
    assertEquals(0, episode.act(RIGHT));
    assertEquals(0, episode.act(RIGHT));
    assertEquals(1 - 0.9 * 5 / 10, episode.act(RIGHT), 1e-12);
    assertTrue(episode.isOver() && episode.isSuccess());
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void start_anyActions_endsInTimeAndShowsFiniteNumbers(World world) {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      World.Episode episode = world.start(random);
      int steps = 0;
      while (!episode.isOver()) {
        double[] seen = episode.observe();
        assertEquals(world.width(), seen.length);
        assertTrue(Double.isFinite(Network.squares(seen)));
        episode.act(random.nextInt(world.actions()));
        steps++;
      }
      assertTrue(steps <= world.longest());
    }
  }
}
