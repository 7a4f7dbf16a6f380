package io.stopcast.datasets.control;

import java.util.Random;

/**
 * A car too weak for its hill, which has to swing up: a reward of -1 for each step until it is on the top.
 *
 * <p>Source: Sutton and Barto, "Reinforcement Learning: An Introduction", 2nd edition, 2018, example 10.1. Other than
 * there, an action is held for {@value #HELD} moments: who changes his mind at each moment hardly ever arrives, and
 * nothing would be learnt from policies that start out random.
 */
record MountainCar() implements World {
  static final int HELD = 6;

  private static final double LEFT = -1.2;
  private static final double TOP = 0.5;
  private static final double FASTEST = 0.07;

  @Override
  public int width() {
    return 2;
  }

  @Override
  public int actions() {
    return 3;
  }

  @Override
  public int longest() {
    return 60;
  }

  @Override
  public double rewardScale() {
    return 0.05;
  }

  @Override
  public Episode start(Random random) {
    return new Drive(new State(-0.6 + 0.2 * random.nextDouble(), 0));
  }

  /** Where on the slope, from -1.2 to 0.5, and how fast, up to 0.07 a moment. */
  record State(double x, double speed) {
    boolean isOnTop() {
      return x >= TOP;
    }

    /** The state a moment later, with throttle -1, 0 or 1. */
    State next(int throttle) {
      double wanted = speed + 0.001 * throttle - 0.0025 * StrictMath.cos(3 * x);
      double kept = Math.max(-FASTEST, Math.min(wanted, FASTEST));
      double reached = Math.min(x + kept, TOP);
      return reached <= LEFT ? new State(LEFT, 0) : new State(reached, kept);
    }
  }

  private final class Drive implements Episode {
    private State state;
    private int steps;

    Drive(State state) {
      this.state = state;
    }

    @Override
    public double[] observe() {
      return new double[] {(state.x + 0.5) / 0.5, state.speed / (FASTEST / 2)};
    }

    @Override
    public double act(int action) {
      for (int i = 0; i < HELD && !state.isOnTop(); i++) {
        state = state.next(action - 1);
      }
      steps++;
      return -1;
    }

    @Override
    public boolean isOver() {
      return state.isOnTop() || steps >= longest();
    }

    @Override
    public boolean isSuccess() {
      return state.isOnTop();
    }
  }
}
