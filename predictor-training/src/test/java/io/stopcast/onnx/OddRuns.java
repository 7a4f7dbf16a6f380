package io.stopcast.onnx;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs in which all goes wrong that can: missing, broken, constant, huge, tiny. The same seed gives the same runs. */
final class OddRuns {
  private static final String[] METRICS = {"val_loss", "accuracy", "validation/auc"};
  private static final double[] SCALES = {1, 1, 1, 1e-3, 1e6, 1e-30, 1e30, 1e-300, 1e299, 1e-312};
  private static final double[] BROKEN = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.1e300, 1e300, -1e300, 0, -0.0
  };

  private final SplittableRandom random;

  OddRuns(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A made-up run of at most so many steps, of one of four tasks. */
  Run madeUp(int longest) {
    return madeUp(longest, SCALES[random.nextInt(SCALES.length)]);
  }

  /** One of which others can learn. */
  Run earlier(int longest) {
    return madeUp(longest, 1);
  }

  private Run madeUp(int longest, double scale) {
    String metric = METRICS[random.nextInt(METRICS.length)];
    Objective objective = random.nextBoolean() ? Objective.minimize(metric) : Objective.maximize(metric);
    int length = 1 + random.nextInt(longest);
    double offset = random.nextInt(3) == 0 ? scale * 1000 * random.nextGaussian() : 0;
    double noise = random.nextInt(3) == 0 ? 0 : random.nextDouble() / 4;
    double rounding = random.nextInt(3) == 0 ? 20 : 0;
    int still = random.nextInt(4) == 0 ? random.nextInt(length) : 0;
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      double shape = i < still ? 1 : 1 / Math.sqrt(1 + i - still) + noise * random.nextGaussian();
      double loss = rounding > 0 ? Math.rint(shape * rounding) / rounding : shape;
      double value = offset + scale * objective.gain(-loss);
      Map<String, Double> values = new HashMap<>();
      values.put(metric, value);
      values.put("train_loss", loss * .9);
      FeatureExtractor.counterpart(objective).ifPresent(name -> values.put(name, offset + scale * -loss));
      steps.add(Step.of(i + 1, 100.0 * i, values));
    }
    return new Run(context(objective, length), steps, End.COMPLETED);
  }

  private RunContext context(Objective objective, int length) {
    Map<String, Object> parameters = new HashMap<>();
    if (random.nextInt(4) > 0) {
      parameters.put("learning_rate", Math.rint(random.nextDouble() * 8) / 8);
      parameters.put("optimizer", new String[] {"adam", "sgd", "x".repeat(120)}[random.nextInt(3)]);
      parameters.put("layers", random.nextLong(4));
    }
    if (random.nextInt(3) == 0) {
      parameters.put("mixed", random.nextBoolean() ? "none" : (Object) random.nextDouble());
    }
    if (random.nextInt(3) == 0) {
      parameters.put("nesterov", random.nextBoolean());
    }
    int task = random.nextInt(4);
    String run = "run" + random.nextInt(40);
    return new RunContext("odd", "task" + task, run, objective, horizon(length), "s", parameters);
  }

  private Horizon horizon(int length) {
    return switch (random.nextInt(4)) {
      case 0 -> Horizon.UNKNOWN;
      case 1 -> Horizon.ofCost(100.0 * length);
      default -> Horizon.ofPoints(1 + random.nextInt(2 * length));
    };
  }

  /** The same run with some of its reports broken, missing or more than there were; another horizon. */
  Run damaged(Run run) {
    String metric = run.context().objective().metric();
    double share = random.nextInt(3) == 0 ? .3 : .05;
    boolean trains = random.nextInt(3) > 0;
    boolean knowsCosts = random.nextInt(4) > 0;
    List<Step> steps = new ArrayList<>();
    long index = 0;
    for (Step step : run.steps()) {
      while (random.nextDouble() < share) {
        steps.add(Step.of(++index, step.cost(), trainOnly(step)));
      }
      Map<String, Double> values = new HashMap<>();
      for (String name : step.names()) {
        boolean isTrain = name.startsWith("train");
        if (!isTrain || trains) {
          values.put(name, random.nextDouble() < share ? BROKEN[random.nextInt(BROKEN.length)] : step.value(name));
        }
      }
      if (random.nextDouble() < share) {
        values.remove(metric);
      }
      double cost = random.nextDouble() < share ? -step.cost() : step.cost();
      steps.add(Step.of(++index, knowsCosts ? cost : Double.NaN, values));
    }
    return new Run(run.context().withHorizon(horizon(steps.size())), steps, run.end());
  }

  private Map<String, Double> trainOnly(Step step) {
    Map<String, Double> values = new HashMap<>();
    values.put("train_loss", random.nextInt(4) == 0 ? Double.NaN : random.nextDouble());
    for (String name : step.names()) {
      if (name.startsWith("train")) {
        values.put(name, step.value(name) + random.nextDouble());
      }
    }
    if (random.nextBoolean()) {
      values.put("train/auc", random.nextDouble());
    }
    return values;
  }
}
