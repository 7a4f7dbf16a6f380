package io.stopcast.replay;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs with made-up curves of the shapes that occur: early peaks, plateaus, late risers, noise. For tests only. */
public final class RecordedRuns {
  private RecordedRuns() {}

  public static Run of(String task, String name, double... values) {
    List<Step> steps = new ArrayList<>();
    for (int t = 0; t < values.length; t++) {
      steps.add(Step.of(t, t + 1, "m", values[t]));
    }
    RunContext context =
        new RunContext(
            "test", task, name, Objective.maximize("m"), Horizon.ofPoints(values.length), "epochs", Map.of());
    return new Run(context, steps, End.COMPLETED);
  }

  /** Returns runs over several tasks; the same for the same seed. */
  public static List<Run> history(int tasks, int runsPerTask, long seed) {
    List<Run> runs = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      for (int i = 0; i < runsPerTask; i++) {
        runs.add(of("test/data" + k, "run" + i, curve(new SplittableRandom(seed + 1000L * k + i), 30 + 5 * (k % 3))));
      }
    }
    return runs;
  }

  private static double[] curve(SplittableRandom random, int points) {
    double rate = 0.02 + 0.5 * random.nextDouble() * random.nextDouble();
    double top = 0.5 + 0.5 * random.nextDouble();
    double decay = random.nextInt(3) == 0 ? 0.01 * random.nextDouble() : 0;
    double noise = 0.02 * random.nextDouble();
    double[] values = new double[points];
    for (int t = 0; t < points; t++) {
      values[t] = top * (1 - Math.exp(-rate * t)) - decay * t + noise * (random.nextDouble() - 0.5);
    }
    return values;
  }
}
