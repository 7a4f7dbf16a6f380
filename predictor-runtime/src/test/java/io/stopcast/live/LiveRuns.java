package io.stopcast.live;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs as trainers report them, and what is decided on them. */
final class LiveRuns {
  private static final List<String> POINT = List.of("val_accuracy", "train_loss");

  private LiveRuns() {}

  static RunContext context(String name) {
    return context(name, .1);
  }

  static RunContext context(String name, double rate) {
    return new RunContext(
        "lab",
        "task",
        name,
        Objective.maximize("val_accuracy"),
        Horizon.ofPoints(60),
        "steps",
        Map.of("rate", rate));
  }

  /** Returns a run whose indices skip, with signals between the points and now and then a NaN. */
  static List<Step> steps(long seed, int points) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    double pace = 2 + random.nextInt(20);
    long index = 0;
    for (int i = 1; i <= points; i++) {
      index += 1 + random.nextInt(3);
      double loss = 1 / (1.0 + i) + .1 * random.nextDouble();
      if (random.nextInt(3) == 0) {
        steps.add(Step.of(index, index, "train_loss", loss));
        index += random.nextInt(2); // a point may come under the same index
      }
      double value = 1 - Math.exp(-i / pace) + .05 * random.nextGaussian();
      steps.add(Step.of(index, index, POINT, random.nextInt(15) == 0 ? Double.NaN : value, loss));
    }
    return steps;
  }

  /** Returns what a policy decides. */
  static List<Decision> clean(StopPolicy policy, RunContext run, List<Step> steps) {
    StopPolicy.Watch watch = policy.watch(run);
    List<Decision> decisions = new ArrayList<>();
    for (Step step : steps) {
      decisions.add(watch.observe(step));
    }
    return decisions;
  }
}
