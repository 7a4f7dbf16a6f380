package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How sure a mean over tasks is: 10,000 draws of as many tasks with replacement, within each source. The draws are the same for
 * whatever is asked, and made when something is asked first. Safe for several threads.
 *
 * <p>Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979.
 */
final class TaskBootstrap {
  private static final int DRAWS = 10_000;
  private static final long SEED = 1;

  private final List<TaskId> tasks;
  /** [draw][task]: how often it was drawn. */
  private short[][] draws;

  TaskBootstrap(List<TaskId> tasks) {
    this.tasks = tasks;
  }

  /** Returns the 95 % interval of the mean of one value a task, in the tasks' order. */
  Interval mean(double[] ofTasks) {
    short[][] drawn = draws();
    double[] means = new double[DRAWS];
    for (int d = 0; d < DRAWS; d++) {
      double sum = 0;
      short[] times = drawn[d];
      for (int t = 0; t < ofTasks.length; t++) {
        sum += times[t] * ofTasks[t];
      }
      means[d] = sum / ofTasks.length;
    }
    Arrays.sort(means);
    return new Interval(means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]);
  }

  private synchronized short[][] draws() {
    if (draws == null) {
      int[][] strata = TaskStrata.of(tasks);
      SplittableRandom random = new SplittableRandom(SEED);
      draws = new short[DRAWS][tasks.size()];
      for (short[] times : draws) {
        for (int[] stratum : strata) {
          for (int i = 0; i < stratum.length; i++) {
            times[stratum[random.nextInt(stratum.length)]]++;
          }
        }
      }
    }
    return draws;
  }
}
