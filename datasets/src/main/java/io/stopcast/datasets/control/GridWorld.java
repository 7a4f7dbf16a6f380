package io.stopcast.datasets.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rooms of squares to walk through, up, down, left and right, from a start to the goal.
 *
 * <p>In the map, {@code S} are starts, one of which is drawn, {@code G} is the goal, {@code #} a wall, {@code C} a
 * cliff from which one falls back to one's start, {@code K} a key that is taken by walking over it, and {@code D} a
 * door that is a wall to those who lack the key. Seen is one's square, and whether one has the key, as a vector with a
 * single 1.
 *
 * <p>Sources: Sutton and Barto, "Reinforcement Learning: An Introduction", 2nd edition, 2018, example 6.6 (cliff);
 * Chevalier-Boisvert et al., "Minigrid &amp; Miniworld", 2023 (door and key; a reward only at the goal, that fades).
 *
 * @param map rows of equal width
 * @param longest after how many steps an episode is over
 * @param slip how often a step goes into a random direction
 * @param stepReward for every step
 * @param fallReward beside it, for a fall
 * @param goalReward beside it, for arriving
 * @param fade the share of the goal's reward that is lost when one arrives at the last moment
 * @param rewardScale by what learners multiply rewards
 */
record GridWorld(
    List<String> map,
    int longest,
    double slip,
    double stepReward,
    double fallReward,
    double goalReward,
    double fade,
    double rewardScale)
    implements World {
  /**
   * The shortest way follows the cliff; who slips there had better keep away. Other than in the source there are nearer
   * starts, a fall costs less and the goal pays: as it was, nearly every learner came to stand still for ever.
   */
  static final GridWorld CLIFF =
      new GridWorld(List.of("S..S..S.", "........", "........", "SCCCCCCG"), 80, 0.1, -1, -10, 20, 0, 0.05);

  /** Nothing is rewarded but the whole of it: to the key, back to the door, through it to the goal. */
  static final GridWorld KEYS =
      new GridWorld(List.of("K..#...", ".S.D...", "..S#..G", "S..#..."), 64, 0, 0, 0, 1, 0.9, 1);

  private static final int[] DOWN = {-1, 1, 0, 0};
  private static final int[] RIGHT = {0, 0, -1, 1};

  @Override
  public int width() {
    boolean hasKey = map.stream().anyMatch(row -> row.indexOf('K') >= 0);
    return (hasKey ? 2 : 1) * cells();
  }

  @Override
  public int actions() {
    return DOWN.length;
  }

  @Override
  public Episode start(Random random) {
    List<Place> starts = new ArrayList<>();
    for (int row = 0; row < map.size(); row++) {
      for (int column = 0; column < map.get(row).length(); column++) {
        if (map.get(row).charAt(column) == 'S') {
          starts.add(new Place(row, column, false));
        }
      }
    }
    return new Walk(random, starts.get(random.nextInt(starts.size())));
  }

  private int cells() {
    return map.size() * map.get(0).length();
  }

  private char at(int row, int column) {
    boolean inside = row >= 0 && row < map.size() && column >= 0 && column < map.get(0).length();
    return inside ? map.get(row).charAt(column) : '#';
  }

  private record Place(int row, int column, boolean hasKey) {}

  private final class Walk implements Episode {
    private final Random random;
    private final int width = width();
    private final Place start;
    private Place place;
    private int steps;

    Walk(Random random, Place start) {
      this.random = random;
      this.start = start;
      this.place = start;
    }

    @Override
    public double[] observe() {
      double[] seen = new double[width];
      seen[place.row * map.get(0).length() + place.column + (place.hasKey ? cells() : 0)] = 1;
      return seen;
    }

    @Override
    public double act(int action) {
      int direction = slip > 0 && random.nextDouble() < slip ? random.nextInt(actions()) : action;
      steps++;
      int row = place.row + DOWN[direction];
      int column = place.column + RIGHT[direction];
      char square = at(row, column);
      if (square == 'C') {
        place = start;
        return stepReward + fallReward;
      }
      if (square != '#' && (square != 'D' || place.hasKey)) {
        place = new Place(row, column, place.hasKey || square == 'K');
      }
      return isSuccess() ? stepReward + goalReward * (1 - fade * steps / longest) : stepReward;
    }

    @Override
    public boolean isOver() {
      return isSuccess() || steps >= longest;
    }

    @Override
    public boolean isSuccess() {
      return at(place.row, place.column) == 'G';
    }
  }
}
