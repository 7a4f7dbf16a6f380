package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run of a history in which a {@link Stochastic} policy stopped some runs, and what another policy, the target, would have lost on
 * it: known only of a run that was shown in full.
 *
 * @param task what the run belongs to
 * @param propensity how probable it was that the run would be shown in full; above 0, at most 1, where nothing would have stopped it
 * @param loss the target's loss, regret + price * share of compute; NaN if the run was stopped
 * @param expected what was to be expected of that loss, told from other runs alone; finite
 */
public record LoggedRun(TaskId task, double propensity, double loss, double expected) {
  /** How many runs of its task outweigh what is known from other tasks. */
  private static final double PRIOR_RUNS = 3;

  public LoggedRun {
    if (!(propensity > 0 && propensity <= 1)) {
      throw new IllegalArgumentException(
          "a run of task '%s' must have been shown in full with a probability above 0 and at most 1, but it was %s"
              .formatted(task.task(), propensity));
    }
    if (Double.isInfinite(loss) || !Double.isFinite(expected)) {
      throw new IllegalArgumentException(
          "a run of task '%s' must have a finite loss, or NaN for a stopped one, and a finite expected one, but has %s and %s"
              .formatted(task.task(), loss, expected));
    }
  }

  /** Whether the run was not stopped, so that the target's loss is known. */
  public boolean isShown() {
    return !Double.isNaN(loss);
  }

  /**
   * What can be told of the target from each run of a history.
   *
   * <p>Since what {@link Stochastic} draws is a pure function of the run's name, the propensities are found by asking the logging
   * policy again, not read from a log. Runs that ended {@link End#EARLY_STOPPED} must have been stopped by it at their last
   * point; runs that ended by themselves must not; both is checked. One that was stopped at the last of its planned points counts as
   * one that ended by itself. All other runs are left out, which is right only where what
   * ended them had nothing to do with their curve. The tasks' scales come from what was shown, so that losses are a
   * little off where the best run of a task was stopped: the more is explored, the less.
   *
   * <p>The expected loss is the mean over other runs that the logging policy wanted to stop, of the same task as far as there are
   * any, apart for those on which the target stops earlier than the logging policy.
   *
   * @param target whose loss is asked for; sees each run once
   * @param logging the policy that watched these runs, as it was then: of a learned one the same model with the same earlier runs
   * @param price of a full run's compute, in units of the task's scale
   * @throws IllegalArgumentException if the history contradicts the logging policy
   */
  public static List<LoggedRun> of(StopPolicy target, Stochastic logging, Collection<Run> history, double price) {
    if (logging.probability() == 1) {
      throw new IllegalArgumentException(
          "%s stops for certain, so that nothing shows what its stops lose; log with a probability below 1".formatted(logging));
    }
    List<Run> runs = history.stream().map(Course::settled).toList();
    List<Seen> seen = new ArrayList<>();
    for (ScoredRun scored : ScoredRun.of(runs)) {
      Course course = Course.of(logging, scored.run());
      if (course.stoppedAt() >= 0) {
        throw new IllegalArgumentException(
            "run '%s' of task '%s' ended by itself, but %s stops it at point %d of %d; give the policy that watched it, and its seed"
                .formatted(
                    scored.run().context().run(), scored.task().task(), logging, course.stoppedAt() + 1, scored.length()));
      }
      Stop stop = Replay.of(target, scored.run());
      boolean isEarlier = stop.stopped() && stop.point() < course.wantedAt();
      seen.add(new Seen(scored.task(), course.propensity(), scored.hindsight().loss(stop.point(), price), isEarlier));
    }
    for (Run run : runs) {
      if (run.end() == End.EARLY_STOPPED) {
        if (!Course.stopsAtTheLastPoint(logging, run)) {
          throw new IllegalArgumentException(
              "run '%s' of task '%s' was stopped, but %s does not stop it at its last point; give the policy that watched it, and its seed"
                  .formatted(run.context().run(), run.context().task(), logging));
        }
        // How probable it was that this one goes on does not matter: it shows nothing, and weighs nothing.
        seen.add(new Seen(TaskId.of(run), 1 - logging.probability(), Double.NaN, Replay.of(target, run).stopped()));
      }
    }
    return expecting(seen);
  }

  /**
   * By how much one target loses more than another, run by run: what {@link OffPolicy#of} makes of it tells whether the log tells the two
   * apart, which their two intervals do not.
   *
   * @param ones of one target
   * @param others of another one, of the same history and logging policy
   */
  public static List<LoggedRun> differences(List<LoggedRun> ones, List<LoggedRun> others) {
    boolean areAlike = ones.size() == others.size();
    List<LoggedRun> differences = new ArrayList<>();
    for (int r = 0; areAlike && r < ones.size(); r++) {
      LoggedRun one = ones.get(r);
      LoggedRun other = others.get(r);
      areAlike = one.task.equals(other.task) && one.propensity == other.propensity && one.isShown() == other.isShown();
      differences.add(new LoggedRun(one.task, one.propensity, one.loss - other.loss, one.expected - other.expected));
    }
    if (!areAlike) {
      throw new IllegalArgumentException("two targets can be compared on one log only, but these are of two: take both from the same history");
    }
    return differences;
  }

  /** What a run shows, before anything is expected of it. */
  record Seen(TaskId task, double propensity, double loss, boolean isEarlier) {
    boolean isWanted() {
      return propensity < 1;
    }
  }

  /** A sum of losses of runs that were shown in full although the logging policy wanted to stop them. */
  private static final class Sum {
    double losses;
    int runs;

    void add(double loss) {
      losses += loss;
      runs++;
    }

    /** The mean without a run, drawn to a value of which so many runs are worth. */
    double without(Seen one, boolean isIn, double prior, double priorRuns) {
      double own = isIn ? one.loss : 0;
      return (losses - own + priorRuns * prior) / (runs - (isIn ? 1 : 0) + priorRuns);
    }
  }

  private record Key(TaskId task, boolean isEarlier) {}

  static List<LoggedRun> expecting(List<Seen> seen) {
    Map<Key, Sum> ofTask = new HashMap<>();
    Map<Boolean, Sum> ofKind = new HashMap<>();
    Sum all = new Sum();
    for (Seen run : seen) {
      if (run.isWanted() && !Double.isNaN(run.loss)) {
        ofTask.computeIfAbsent(new Key(run.task, run.isEarlier), k -> new Sum()).add(run.loss);
        ofKind.computeIfAbsent(run.isEarlier, k -> new Sum()).add(run.loss);
        all.add(run.loss);
      }
    }
    List<LoggedRun> logged = new ArrayList<>();
    for (Seen run : seen) {
      boolean isIn = run.isWanted() && !Double.isNaN(run.loss);
      double expected = run.loss; // of a run that nothing would have stopped nothing needs to be guessed
      if (run.isWanted()) {
        double base = all.runs > (isIn ? 1 : 0) ? all.without(run, isIn, 0, 0) : 0;
        double kind = ofKind.getOrDefault(run.isEarlier, new Sum()).without(run, isIn, base, PRIOR_RUNS);
        expected = ofTask.getOrDefault(new Key(run.task, run.isEarlier), new Sum()).without(run, isIn, kind, PRIOR_RUNS);
      }
      logged.add(new LoggedRun(run.task, run.propensity, run.loss, expected));
    }
    return logged;
  }
}
