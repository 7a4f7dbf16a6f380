package io.stopcast.sweep;

import io.stopcast.policy.Decision;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Stops a run whose best value so far is strictly worse than the median of the running averages, up to the same progress, of
 * all completed runs of the sweep.
 *
 * <p>Exactly the median stopping rule of Golovin, Solnik, Moitra, Kochanski, Karro, Sculley, "Google Vizier: A Service for
 * Black-Box Optimization", 2017, section 3.2.2: stop at step s if the best value by s is strictly worse than the median of the
 * averages of what each completed trial reported up to s. A run that ended before s counts with all its values; one that was
 * stopped is not completed. The paper has neither a least number of runs nor a warm-up, as tools do (Ray Tune's {@code
 * min_samples_required} and {@code grace_period}): for the paper's rule give 1 and a progress before the first. Ray also compares
 * with runs that go on; this one does not, so that in a sweep whose runs all start at once it stops none.
 *
 * <p>A value that is not finite counts neither for the average nor for the best. A median of an even number is the mean of the
 * two in the middle; equal to it is no reason to stop. A point costs O(n log n) for n completed runs and allocates n numbers.
 *
 * @param minRuns how many completed runs it takes; at least 1
 * @param notBefore the progress from which on a run may be stopped; positive and finite
 * @param progress what is compared: averages up to the same number of points, cost or share of the plan
 */
public record MedianStopping(int minRuns, double notBefore, Progress progress) implements SweepPolicy {
  public MedianStopping {
    Objects.requireNonNull(progress, "progress");
    if (minRuns < 1) {
      throw new IllegalArgumentException("a median needs at least 1 completed run, but was to be taken of " + minRuns);
    }
    progress.requirePositive("the progress before which no run is stopped", notBefore);
  }

  @Override
  public Sweep sweep() {
    return new SharedSweep(this, progress) {
      private final List<Trajectory> completed = new ArrayList<>();

      @Override
      Member join(RunContext run) {
        return new Member() {
          private final Trajectory averages = new Trajectory();
          private double best = Double.NEGATIVE_INFINITY;
          private double sum;
          private long count;

          @Override
          public Decision observe(double at, double gain) {
            best = Math.max(best, gain);
            sum += gain;
            averages.add(at, sum / ++count);
            return at >= notBefore ? compared(at, best) : Decision.CONTINUE;
          }

          @Override
          public void end() {
            if (count > 0) {
              completed.add(averages);
            }
          }
        };
      }

      private Decision compared(double at, double best) {
        double[] others =
            completed.stream().mapToDouble(run -> run.upTo(at)).filter(average -> !Double.isNaN(average)).toArray();
        if (others.length < minRuns) {
          return Decision.CONTINUE;
        }
        Arrays.sort(others);
        double median = Numbers.quantile(others, 0.5);
        return best < median
            ? stop(
                () ->
                    "the best value %s at %s is worse than %s, the median of the averages of %d completed runs"
                        .formatted(value(best), say(at), value(median), others.length))
            : Decision.CONTINUE;
      }
    };
  }

  @Override
  public String toString() {
    return "median(%d runs, not before %s)".formatted(minRuns, progress.say(notBefore));
  }
}
