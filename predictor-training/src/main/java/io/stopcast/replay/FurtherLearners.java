package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.policy.Drop;
import io.stopcast.policy.ReductionThreshold;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Policies that are learned or tuned anew in each fold, beside the learned one of the protocol.
 *
 * <p>What wraps the learned policy is taken as it is: its settings would have to be tuned on runs that the model was trained on.
 */
public final class FurtherLearners {
  private static final long SEED = 1;

  private FurtherLearners() {}

  /**
   * Returns all of them, each a row of the table. Whoever has a new one adds it here.
   *
   * @param learned the learner of the protocol, which remembers what it learned from the same runs
   */
  public static List<Contender> all(Learner learned) {
    List<Contender> all = new ArrayList<>(LevelRules.contenders());
    for (double share : new double[] {.1, .2, .4}) {
      all.add(new Contender("learned, not before " + share, wrapped(learned, policy -> policy.notBeforeShare(share))));
    }
    all.add(new Contender("learned, unless below the usual", unlessBelowTheUsual(learned)));
    StopPolicy drop = new ReductionThreshold(Drop.ofNoise(6).tightening(.5), 3);
    all.add(new Contender("learned, or a drop in noise", wrapped(learned, policy -> policy.or(drop))));
    for (double exempt : new double[] {.05, .2}) {
      all.add(
          new Contender("learned, " + exempt + " of runs exempt", wrapped(learned, policy -> policy.withProbability(1 - exempt, SEED))));
    }
    return List.copyOf(all);
  }

  /**
   * Returns those that choose a policy for each run, by its context or by how it began. Learning them costs three more fits of the
   * learner in each fold, which they share if it remembers.
   *
   * @param rules replays of all runs
   * @param split how the judged runs are held out
   */
  public static List<Contender> choosing(Learner learned, RuleReplays rules, Split split) {
    ContextTuning byContext = new ContextTuning(rules, split, ContextTuning.USUAL);
    return List.of(
        new Contender("rules by context", byContext),
        new Contender("all by context", byContext.with(learned)),
        new Contender("selection", new SelectionTraining(rules, learned, split)));
  }

  private static Learner wrapped(Learner learned, UnaryOperator<StopPolicy> wrapper) {
    return (training, prices) -> {
      List<StopPolicy> policies = learned.fit(training, prices).policies().stream().map(wrapper).toList();
      return () -> policies;
    };
  }

  /** Does not stop what is worse than the median run of its task, unless it is hopeless; where the task is not known, as it is. */
  private static Learner unlessBelowTheUsual(Learner learned) {
    return (training, prices) -> {
      Map<TaskId, TaskLevels> known = new TaskLevels.Known(training).all();
      List<StopPolicy> policies =
          learned.fit(training, prices).policies().stream().<StopPolicy>map(policy -> new AboveUsual(policy, known)).toList();
      return () -> policies;
    };
  }

  private record AboveUsual(StopPolicy policy, Map<TaskId, TaskLevels> known) implements StopPolicy {
    @Override
    public Watch watch(RunContext run) {
      TaskLevels levels = known.get(new TaskId(run.source(), run.task()));
      return (levels == null ? policy : policy.unlessBelow(run.objective().gain(levels.median()))).watch(run);
    }

    @Override
    public String toString() {
      return policy + " unless below the task's median run";
    }
  }
}
