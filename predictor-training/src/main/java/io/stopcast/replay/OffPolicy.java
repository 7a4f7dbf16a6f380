package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The mean loss of a policy that has never been run, from a history in which another one, with chance in it, has stopped runs.
 *
 * <p>A stopped run does not show its regret, and the runs that are left are not like those that are gone: their mean tells a lie. Of
 * the runs that the logging policy wanted to stop, each one that was exempt stands for 1 / propensity of its kind. Means are over the
 * runs of a task and then over tasks, as everywhere. Intervals are of 95 %, by bootstrap over tasks within sources, with what was
 * expected of the runs held fixed; they are too narrow below some seventy effective runs, and of little use below ten tasks.
 *
 * <p>Valid as every replay is: for stop or go on only. The target may not be chosen on the same log without paying for that.
 *
 * <p>Sources: D. Horvitz, D. Thompson, "A Generalization of Sampling Without Replacement From a Finite Universe", 1952; M. Dudík, J.
 * Langford, L. Li, "Doubly Robust Policy Evaluation and Learning", 2011; A. Swaminathan, T. Joachims, "The Self-Normalized Estimator
 * for Counterfactual Learning", 2015.
 *
 * @param runs how many there are
 * @param shown how many of them were shown in full
 * @param effective how many equally weighted runs the shown ones are worth: (sum of weights)<sup>2</sup> / sum of squares
 * @param clipped weights 1 / propensity, none larger than the clip: without bias where the clip never bites, and of the largest
 *     variance
 * @param selfNormalised the same divided by the mean weight: within the range of the losses, with a bias that vanishes with the number
 *     of runs
 * @param doublyRobust what was expected of each run, corrected by weighted errors of the shown ones: without bias where the clip never
 *     bites, and exact where the expectations are; the one to report
 */
public record OffPolicy(
    int runs, int shown, double effective, Estimate clipped, Estimate selfNormalised, Estimate doublyRobust) {
  private static final int DRAWS = 10_000;

  /** A mean loss with the ends of its 95 % interval. */
  public record Estimate(double mean, double low, double high) {
    public boolean covers(double value) {
      return low <= value && value <= high;
    }
  }

  /** What a task adds to the sums over tasks. */
  private record Sums(double weighted, double weights, double robust) {
    static Sums of(List<LoggedRun> runs, double clip) {
      double weighted = 0;
      double weights = 0;
      double robust = 0;
      for (LoggedRun run : runs) {
        double weight = weight(run, clip);
        robust += run.isShown() ? run.expected() + weight * (run.loss() - run.expected()) : run.expected();
        weighted += run.isShown() ? weight * run.loss() : 0;
        weights += weight;
      }
      return new Sums(weighted / runs.size(), weights / runs.size(), robust / runs.size());
    }
  }

  /**
   * Estimates from at least one run that was shown. O(runs + 10,000 tasks).
   *
   * @param clip no run stands for more than so many; at least 1, infinite for no clip. One below 1 / (1 - probability of the logging
   *     policy) trades variance for bias
   * @param seed of the bootstrap
   */
  public static OffPolicy of(Collection<LoggedRun> runs, double clip, long seed) {
    if (!(clip >= 1)) {
      throw new IllegalArgumentException("a run must be allowed to stand for at least 1 run, but the clip was " + clip);
    }
    Map<TaskId, List<LoggedRun>> byTask = new TreeMap<>();
    double sum = 0;
    double squares = 0;
    int shown = 0;
    for (LoggedRun run : runs) {
      byTask.computeIfAbsent(run.task(), t -> new ArrayList<>()).add(run);
      double weight = weight(run, clip);
      sum += weight;
      squares += weight * weight;
      shown += run.isShown() ? 1 : 0;
    }
    if (shown == 0) {
      throw new IllegalArgumentException(
          "none of %d runs was shown in full, so that nothing is known of any loss; log with a smaller probability of stopping"
              .formatted(runs.size()));
    }
    Map<String, List<Sums>> bySource = new TreeMap<>();
    byTask.forEach((task, of) -> bySource.computeIfAbsent(task.source(), s -> new ArrayList<>()).add(Sums.of(of, clip)));
    double[][] draws = bootstrap(bySource.values(), byTask.size(), new SplittableRandom(seed));
    double[] means = means(bySource.values().stream().flatMap(List::stream).toList());
    return new OffPolicy(
        runs.size(),
        shown,
        sum * sum / squares,
        estimate(means[0], draws[0]),
        estimate(means[1], draws[1]),
        estimate(means[2], draws[2]));
  }

  private static double weight(LoggedRun run, double clip) {
    return run.isShown() ? Math.min(clip, 1 / run.propensity()) : 0;
  }

  /** [estimator][draw] */
  private static double[][] bootstrap(Collection<List<Sums>> strata, int tasks, SplittableRandom random) {
    double[][] draws = new double[3][DRAWS];
    List<Sums> drawn = new ArrayList<>(tasks);
    for (int d = 0; d < DRAWS; d++) {
      drawn.clear();
      for (List<Sums> stratum : strata) {
        for (int i = 0; i < stratum.size(); i++) {
          drawn.add(stratum.get(random.nextInt(stratum.size())));
        }
      }
      double[] means = means(drawn);
      for (int e = 0; e < draws.length; e++) {
        draws[e][d] = means[e];
      }
    }
    return draws;
  }

  private static double[] means(List<Sums> tasks) {
    double weighted = 0;
    double weights = 0;
    double robust = 0;
    for (Sums task : tasks) {
      weighted += task.weighted;
      weights += task.weights;
      robust += task.robust;
    }
    return new double[] {weighted / tasks.size(), weighted / weights, robust / tasks.size()};
  }

  /** Draws of tasks none of whose runs was shown have no self-normalised mean, and are sorted to the end. */
  private static Estimate estimate(double mean, double[] draws) {
    Arrays.sort(draws);
    return new Estimate(mean, draws[DRAWS / 40], draws[DRAWS - 1 - DRAWS / 40]);
  }
}
