package io.stopcast.datasets.control;

import java.util.Random;

/**
 * A pole on a cart that two opposite forces keep upright: a reward of 1 for each step until it falls by twelve degrees
 * or the cart leaves its track. Success is to last as long as an episode can.
 *
 * <p>Source: Barto, Sutton and Anderson, "Neuronlike Adaptive Elements That Can Solve Difficult Learning Control
 * Problems", 1983, appendix: masses, frictions, equations of motion, and Euler's method with steps of 0.02 s.
 *
 * @param halfLength from the pole's foot to its centre of mass, in metres; 0.5 in the paper
 * @param force of a push to either side, in newtons; 10 in the paper
 * @param gusts standard deviation of a random force beside it, in newtons; 0 in the paper
 * @param sensorNoise standard deviation of what is added to each observed number; 0 in the paper
 */
record CartPole(double halfLength, double force, double gusts, double sensorNoise) implements World {
  /** The paper's. */
  static final CartPole CLASSIC = new CartPole(0.5, 10, 0, 0);

  private static final double GRAVITY = 9.8;
  private static final double POLE_MASS = 0.1;
  private static final double TOTAL_MASS = 1 + POLE_MASS;
  private static final double TRACK_FRICTION = 0.0005;
  private static final double JOINT_FRICTION = 0.000002;
  private static final double SECONDS = 0.02;
  private static final double TRACK = 2.4;
  private static final double ANGLE = 12 * Math.PI / 180;
  private static final double START = 0.05;

  @Override
  public int width() {
    return 4;
  }

  @Override
  public int actions() {
    return 2;
  }

  @Override
  public int longest() {
    return 500;
  }

  @Override
  public double rewardScale() {
    return 0.02;
  }

  @Override
  public Episode start(Random random) {
    State state = new State(draw(random), draw(random), draw(random), draw(random));
    return new Balancing(random, state);
  }

  private static double draw(Random random) {
    return START * (2 * random.nextDouble() - 1);
  }

  /** Metres, metres a second, radians from upright, radians a second. */
  record State(double x, double speed, double angle, double spin) {
    boolean isDown() {
      return Math.abs(x) > TRACK || Math.abs(angle) > ANGLE;
    }
  }

  /** The state 0.02 s later, under this force on the cart. */
  State next(State now, double push) {
    double sin = StrictMath.sin(now.angle);
    double cos = StrictMath.cos(now.angle);
    double moment = POLE_MASS * halfLength;
    double friction = TRACK_FRICTION * Math.signum(now.speed);
    double pull = (-push - moment * now.spin * now.spin * sin + friction) / TOTAL_MASS;
    double turn =
        (GRAVITY * sin + cos * pull - JOINT_FRICTION * now.spin / moment)
            / (halfLength * (4.0 / 3 - POLE_MASS * cos * cos / TOTAL_MASS));
    double acceleration = (push + moment * (now.spin * now.spin * sin - turn * cos) - friction) / TOTAL_MASS;
    return new State(
        now.x + SECONDS * now.speed,
        now.speed + SECONDS * acceleration,
        now.angle + SECONDS * now.spin,
        now.spin + SECONDS * turn);
  }

  private final class Balancing implements Episode {
    private final Random random;
    private State state;
    private int steps;

    Balancing(Random random, State state) {
      this.random = random;
      this.state = state;
    }

    @Override
    public double[] observe() {
      // Each in a unit in which it is about 1 when things go wrong.
      double[] seen = {state.x / TRACK, state.speed / 2, state.angle / ANGLE, state.spin / 2};
      if (sensorNoise > 0) {
        for (int i = 0; i < seen.length; i++) {
          seen[i] += sensorNoise * random.nextGaussian();
        }
      }
      return seen;
    }

    @Override
    public double act(int action) {
      double gust = gusts > 0 ? gusts * random.nextGaussian() : 0;
      state = next(state, (action == 0 ? -force : force) + gust);
      steps++;
      return 1;
    }

    @Override
    public boolean isOver() {
      return state.isDown() || steps >= longest();
    }

    @Override
    public boolean isSuccess() {
      return !state.isDown() && steps >= longest();
    }
  }
}
