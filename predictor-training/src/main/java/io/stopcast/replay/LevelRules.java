package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.policy.Divergence;
import io.stopcast.policy.Drop;
import io.stopcast.policy.OutOfFront;
import io.stopcast.policy.OutOfReach;
import io.stopcast.policy.Reach;
import io.stopcast.policy.ReductionThreshold;
import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.Target;
import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A kind of rule that is set in the unit of each task, as somebody sets it who has seen some of its runs; tuned on the training part.
 *
 * <p>Settings are shares of the way from the task's usual first value to its best one, or of its length, as the training runs of the task
 * tell them; when they are tuned, those of other configurations than the run's own. A task of which fewer than three runs are known has no
 * levels, and nothing is stopped there: under unseen-task that is every task. Never stopping is a setting.
 *
 * @param settings in the order in which the first of several equal ones is taken
 */
record LevelRules(List<Level> settings) implements Learner {
  private static final int WARM_UP = 10;

  /** A setting: what is to be watched in a task. */
  interface Rule {
    StopPolicy of(TaskLevels levels, Objective objective);
  }

  /** A setting with its name. */
  record Level(String name, Rule rule) {}

  LevelRules {
    settings = List.copyOf(settings);
  }

  /** All kinds, by name. */
  static List<Contender> contenders() {
    return List.of(
        new Contender("target", targets()),
        new Contender("divergence", divergences()),
        new Contender("out of reach", outOfReach()),
        new Contender("out of front", outOfFront()),
        new Contender("reduction, absolute", reductions()),
        new Contender("hybrid minus log cost", logCosts()));
  }

  private static LevelRules targets() {
    List<Level> all = new ArrayList<>();
    for (double way : new double[] {.5, .7, .8, .9, .95, .98, .99, 1}) {
      all.add(new Level("target at " + way, (levels, objective) -> Target.reached(levels.on(objective, way))));
    }
    return new LevelRules(all);
  }

  private static LevelRules divergences() {
    List<Level> all = new ArrayList<>();
    for (double below : new double[] {0, .1, .3, 1, 3}) {
      all.add(
          new Level(
              "worse than the first by " + below,
              (levels, objective) -> new Divergence(levels.on(objective, -below)).notBefore(WARM_UP)));
    }
    return new LevelRules(all);
  }

  private static LevelRules outOfReach() {
    List<Level> all = new ArrayList<>();
    for (double way : new double[] {.2, .5, .8, .9, .95}) {
      for (int points : new int[] {5, 10, 20}) {
        all.add(
            new Level(
                way + " out of reach, over " + points + " points",
                (levels, objective) -> new OutOfReach(levels.on(objective, way), points)));
      }
    }
    return new LevelRules(all);
  }

  /** The front of metric and cost that the task's other runs have reached. */
  private static LevelRules outOfFront() {
    List<Level> all = new ArrayList<>();
    for (double beyond : new double[] {0, .01, .03, .1, .3, .5}) {
      all.add(
          new Level(
              beyond + " beyond the best is not in the front",
              (levels, objective) ->
                  new OutOfFront(levels.front(), Reach.beyondBest(beyond * levels.scale()), Reach.spent()).notBefore(WARM_UP)));
    }
    return new LevelRules(all);
  }

  private static LevelRules reductions() {
    List<Level> all = new ArrayList<>();
    for (double share : new double[] {.02, .05, .1, .2, .4}) {
      for (double atEnd : new double[] {1, .25}) {
        for (int points : new int[] {1, 3, 5}) {
          all.add(
              new Level(
                  "drop of " + share + ", " + atEnd + " of that at the end, " + points + " in a row",
                  (levels, objective) ->
                      new ReductionThreshold(Drop.absolute(share * levels.scale()).tightening(atEnd), points).notBefore(WARM_UP)));
        }
      }
    }
    return new LevelRules(all);
  }

  private static LevelRules logCosts() {
    List<Level> all = new ArrayList<>();
    for (StopPolicy rule : FurtherRules.stillness()) {
      for (double beta : new double[] {.003, .01, .03, .1}) {
        all.add(
            new Level(
                rule + " on objective - " + beta + " log cost",
                (levels, objective) -> rule.on(HybridObjective.minusLogCost(objective, beta * levels.scale()))));
      }
    }
    return new LevelRules(all);
  }

  /** A setting in each task of which levels are known. */
  private record InTasks(Level level, Map<TaskId, TaskLevels> tasks) implements StopPolicy {
    @Override
    public Watch watch(RunContext run) {
      TaskLevels levels = tasks.get(new TaskId(run.source(), run.task()));
      return (levels == null ? NEVER : level.rule.of(levels, run.objective())).watch(run);
    }

    @Override
    public String toString() {
      return level.name;
    }
  }

  @Override
  public Learned fit(List<ScoredRun> training, double[] prices) {
    TaskLevels.Known known = new TaskLevels.Known(training);
    int[] all = IntStream.range(0, training.size()).toArray();
    double[] weights = TaskWeights.of(training, all);
    double[] never = new double[prices.length];
    double[][] losses = new double[settings.size()][prices.length];
    for (int r : all) {
      ScoredRun run = training.get(r);
      Optional<TaskLevels> levels = known.without(run);
      for (int s = 0; s <= settings.size(); s++) {
        boolean stops = s < settings.size() && levels.isPresent();
        StopPolicy policy = stops ? settings.get(s).rule.of(levels.get(), run.run().context().objective()) : StopPolicy.NEVER;
        int point = stops ? Replay.pointOf(policy, run.run()) : run.length() - 1;
        double[] into = s < settings.size() ? losses[s] : never;
        for (int p = 0; p < prices.length; p++) {
          into[p] += weights[r] * run.hindsight().loss(point, prices[p]);
        }
      }
    }
    List<InTasks> policies = settings.stream().map(level -> new InTasks(level, known.all())).toList();
    List<StopPolicy> chosen = new ArrayList<>();
    for (int p = 0; p < prices.length; p++) {
      StopPolicy best = StopPolicy.NEVER;
      double least = never[p];
      for (int s = 0; s < policies.size(); s++) {
        if (losses[s][p] < least) {
          best = policies.get(s);
          least = losses[s][p];
        }
      }
      chosen.add(best);
    }
    List<Setting> tried = policies.stream().map(policy -> new Setting(policy.toString(), policy)).toList();
    return new Learned() {
      @Override
      public List<StopPolicy> policies() {
        return List.copyOf(chosen);
      }

      @Override
      public List<Setting> settings() {
        return tried;
      }
    };
  }
}
