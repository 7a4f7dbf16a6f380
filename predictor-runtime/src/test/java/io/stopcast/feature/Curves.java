package io.stopcast.feature;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up runs of many shapes, the same for the same seed. */
final class Curves {
  static final Objective OBJECTIVE = Objective.maximize("val_accuracy");
  private static final List<String> NAMES = List.of("val_accuracy", "train_accuracy", "train_loss", "lr");
  private static final List<String> NAMES_WITHOUT_OBJECTIVE = List.of("train_loss", "lr");

  private Curves() {}

  static RunContext context(Objective objective) {
    return RunContext.of(objective).withHorizon(Horizon.ofPoints(120));
  }

  /** Returns the objective's values: each seed one of seven shapes, with noise. */
  static double[] values(long seed, int length) {
    Random random = new Random(seed);
    int shape = (int) (seed % 7);
    double noise = random.nextInt(4) == 0 ? 0 : Math.pow(10, -3 + 2.5 * random.nextDouble());
    double pace = 2 + 40 * random.nextDouble();
    double jump = random.nextInt(length);
    double[] values = new double[length];
    double walk = 0;
    for (int i = 0; i < length; i++) {
      walk += random.nextGaussian();
      double clean =
          switch (shape) {
            case 0 -> 1 - Math.exp(-i / pace); // saturates
            case 1 -> 1 - Math.pow(i + 1, -.5); // slows down
            case 2 -> (i < jump ? 0 : 1); // jumps
            case 3 -> i / pace * Math.exp(-i / pace); // rises and collapses
            case 4 -> walk / 10;
            case 5 -> i == jump ? -50 : Math.log(i + 1); // one outlier
            default -> Math.round(4 * (1 - Math.exp(-i / pace))) / 4.0; // a staircase with plateaus
          };
      values[i] = clean + noise * random.nextGaussian();
    }
    return values;
  }

  /** Returns a run with training signals, cost and, if wanted, unusable values and steps between the points. */
  static List<Step> run(long seed, int length, boolean regular) {
    return run(seed, values(seed, length), regular);
  }

  static List<Step> run(long seed, double[] values, boolean regular) {
    Random random = new Random(~seed);
    List<Step> steps = new ArrayList<>();
    long index = 0;
    double cost = 0;
    for (int i = 0; i < values.length; i++) {
      if (!regular && random.nextInt(3) == 0) {
        index += 1 + random.nextInt(50);
        steps.add(Step.of(index, cost, NAMES_WITHOUT_OBJECTIVE, 2 / (1.0 + i) + .1 * random.nextGaussian(), .1));
      }
      index += 1 + random.nextInt(3);
      cost += random.nextDouble();
      int odd = regular ? -1 : random.nextInt(30);
      double value =
          switch (odd) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> values[i];
          };
      steps.add(
          Step.of(
              index,
              odd == 3 ? Double.NaN : odd == 4 ? cost / 2 : cost,
              NAMES,
              value,
              odd == 5 ? Double.NaN : values[i] * 1.25,
              odd == 6 ? Double.NaN : 2 / (1.0 + i) + .1 * random.nextGaussian(),
              .1));
    }
    return steps;
  }
}
