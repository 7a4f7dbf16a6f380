package io.stopcast.replay;

import io.stopcast.policy.Decision;
import io.stopcast.run.Step;
import io.stopcast.sweep.Sweep;
import io.stopcast.sweep.SweepPolicy;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Plays recorded runs to a sweep, in parallel, as a number of workers would have run them.
 *
 * <p>A worker takes the next run of the list once its last one has ended or was stopped. Whichever step comes next on the clock
 * is shown next; the clock is the runs' own cost, as if all workers were equally fast, and of several steps at one time that of
 * the earlier run comes first. So the same list gives the same stops. Valid for stop or go on only, as {@link Replay}: in truth
 * what a search tries next depends on what it has seen, and this list does not.
 */
public final class SweepReplay {
  private SweepReplay() {}

  /** A run on its worker. */
  private static final class Running {
    final int run;
    final double started;
    final Sweep.Watch watch;
    final double[] times;
    int next;
    int points;

    Running(int run, double started, Sweep.Watch watch, double[] times) {
      this.run = run;
      this.started = started;
      this.watch = watch;
      this.times = times;
    }

    int run() {
      return run;
    }

    /** When its next step comes. */
    double time() {
      return started + times[next];
    }
  }

  /**
   * Returns where the policy would have ended each run. It sees the contexts and the steps, never the labels or the ends. A stop
   * at the last point is none, and that run has come to its end.
   *
   * @param runs of one task, in the order in which they are started
   * @param workers how many run at once; at least 1
   */
  public static List<Stop> of(SweepPolicy policy, List<ScoredRun> runs, int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("a sweep needs at least 1 worker, but was given " + workers);
    }
    Sweep sweep = policy.sweep();
    Stop[] stops = new Stop[runs.size()];
    PriorityQueue<Running> clock =
        new PriorityQueue<>(Comparator.comparingDouble(Running::time).thenComparingInt(Running::run));
    int started = 0;
    while (started < Math.min(workers, runs.size())) {
      clock.add(start(sweep, runs, started++, 0));
    }
    while (!clock.isEmpty()) {
      Running running = clock.poll();
      double now = running.time();
      ScoredRun run = runs.get(running.run);
      Stop stop = show(running, run);
      if (stop == null) {
        clock.add(running);
        continue;
      }
      stops[running.run] = stop;
      if (started < runs.size()) {
        clock.add(start(sweep, runs, started++, now));
      }
    }
    return List.of(stops);
  }

  private static Running start(Sweep sweep, List<ScoredRun> runs, int run, double now) {
    return new Running(run, now, sweep.watch(runs.get(run).run().context()), times(runs.get(run).run().steps()));
  }

  /** Shows a run's next step to its watch; returns where the run ended, if it is over. */
  private static Stop show(Running running, ScoredRun run) {
    int last = run.curve().step()[run.length() - 1];
    int i = running.next++;
    Step step = run.run().steps().get(i);
    Decision decision = running.watch.observe(step);
    if (i < last && decision instanceof Decision.Stop stop) {
      return new Stop(running.points, true, running.watch.score(), stop.reason(), running.watch.outlook());
    }
    if (i == last) {
      running.watch.end();
      return new Stop(running.points, false, running.watch.score(), Stop.NOT_STOPPED, running.watch.outlook());
    }
    running.points += run.run().context().objective().isReportedBy(step) ? 1 : 0;
    return null;
  }

  /** When each step comes after the start: its cost, or, where a run's costs are not all known and rising, its number. */
  private static double[] times(List<Step> steps) {
    double[] times = steps.stream().mapToDouble(Step::cost).toArray();
    double before = 0;
    for (double time : times) {
      if (!(time >= before) || Double.isInfinite(time)) {
        Arrays.setAll(times, i -> i + 1);
        return times;
      }
      before = time;
    }
    return times;
  }
}
