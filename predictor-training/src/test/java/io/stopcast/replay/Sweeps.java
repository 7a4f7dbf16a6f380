package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.label.TaskScales;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.sweep.Hyperband;
import io.stopcast.sweep.IncumbentAware;
import io.stopcast.sweep.MedianStopping;
import io.stopcast.sweep.PercentileStopping;
import io.stopcast.sweep.Progress;
import io.stopcast.sweep.RankedSweep;
import io.stopcast.sweep.SuccessiveHalving;
import io.stopcast.sweep.Sweep;
import io.stopcast.sweep.SweepPolicy;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import io.stopcast.train.SweepRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What rules that compare the runs of a sweep save and lose, beside rules that judge each run alone and the learned policy.
 *
 * <p>Sweeps are made of the runs of a task, shuffled five times. What judges a run alone was tuned, or learned, on other tasks at
 * the price; the rules for sweeps are taken as they are, on shares of the plan. The learned policy knows no earlier run of the
 * task. {@code checks/sweeps} runs {@link #main}.
 */
final class Sweeps {
  private static final int MOST = 16;
  private static final int FEWEST = 5;
  private static final int WORKERS = 4;
  private static final int SHUFFLES = 5;
  private static final int SEED = 1;

  private static final String ALONE = "learned, each alone";
  private static final String BOLD = "learned + incumbent";
  private static final String KEPT = "learned + incumbent, best kept";
  private static final String RANKED = "ranked, sweep price 0.1";
  private static final String RANKED_KEPT = "ranked, sweep price 0.1, best kept";
  private static final String BOLDER = "ranked, sweep price 0.3, best kept";
  private static final double[] SWEEP_PRICES = {0.1, 0.3};

  /** As they are: nothing was tuned. */
  private static final List<SweepPolicy> RULES =
      List.of(
          new MedianStopping(1, 0.01, Progress.SHARE),
          new MedianStopping(3, 0.2, Progress.SHARE),
          PercentileStopping.standard(),
          new PercentileStopping(50, 3, 0.1, 1, 0.1, 3, Progress.SHARE),
          new PercentileStopping(25, 3, 0.1, 1, 0, 1, Progress.SHARE),
          new SuccessiveHalving(2, 1.0 / 16, 0, Progress.SHARE),
          new SuccessiveHalving(3, 1.0 / 27, 0, Progress.SHARE),
          new SuccessiveHalving(4, 1.0 / 16, 0, Progress.SHARE),
          new Hyperband(3, 1.0 / 27, 1, Progress.SHARE));

  private Sweeps() {}

  /** Stops a run, if at all, at a share of its plan that is drawn beforehand: by the runs of its sweep so far. */
  private record AtRandom(double probability) implements SweepPolicy {
    @Override
    public Sweep sweep() {
      return new Sweep() {
        private long seed = SEED;

        @Override
        public synchronized Watch watch(RunContext run) {
          seed = 31 * seed + run.run().hashCode();
          SplittableRandom random = new SplittableRandom(seed);
          double share = Math.max(1e-3, random.nextDouble());
          StopPolicy policy = random.nextDouble() < probability ? new FixedShare(share) : StopPolicy.NEVER;
          return SweepPolicy.of(policy).sweep().watch(run);
        }
      };
    }
  }

  /**
   * Prints the table.
   *
   * @param args the history, the price, and how many folds of tasks
   */
  public static void main(String[] args) throws Exception {
    Optional<List<Run>> history = CheckedHistory.at(args[0]);
    if (history.isEmpty()) {
      return;
    }
    double price = Double.parseDouble(args[1]);
    int count = Integer.parseInt(args[2]);
    List<Run> all = history.get();
    List<ScoredRun> runs = Part.DEVELOPMENT.read(ScoredRun.of(all));
    TaskScales scales = TaskScales.of(all);
    Map<TaskId, StopPolicy> tuned = new TreeMap<>();
    Map<TaskId, LearnedPolicy> learned = new TreeMap<>();
    List<Map<TaskId, ModelFile>> trees = List.of(new TreeMap<>(), new TreeMap<>());
    learn(runs, price, count, tuned, learned, trees);

    List<List<ScoredRun>> sweeps = new ArrayList<>();
    for (int shuffle = 1; shuffle <= SHUFFLES; shuffle++) {
      sweeps.addAll(protocol(shuffle).sweeps(runs));
    }
    sweeps.removeIf(sweep -> !learned.containsKey(sweep.get(0).task()));
    print(protocol(SEED).judge(sweeps, scales, policies(tuned, learned, trees)), price, count);
  }

  private static SweepProtocol protocol(long shuffle) {
    return new SweepProtocol(MOST, FEWEST, WORKERS, OptionalLong.of(shuffle));
  }

  /** Tunes the rules and trains the model for each task on others. */
  private static void learn(
      List<ScoredRun> runs,
      double price,
      int count,
      Map<TaskId, StopPolicy> tuned,
      Map<TaskId, LearnedPolicy> learned,
      List<Map<TaskId, ModelFile>> trees) {
    RuleReplays rules = RuleReplays.of(Baselines.families(), runs, ShownHorizon.PLANNED, () -> {});
    List<StopPolicy> settings = rules.families().stream().flatMap(family -> family.settings().stream()).toList();
    for (Fold fold : Split.UNSEEN_TASK.folds(runs, count, Protocol.standard().seed()).folds()) {
      double[] losses = rules.losses(fold.training(), price);
      int best = 0;
      for (int s = 1; s < losses.length; s++) {
        best = losses[s] < losses[best] ? s : best;
      }
      List<ScoredRun> training = Fold.select(runs, fold.training());
      // Not fit, which leaves out what scores mean: without it nobody knows which run cannot come to the incumbent.
      ModelFile file =
          new LearnedRecipe(Recipe.standard(training.size())).train(training, new double[] {price}, Map.of());
      LearnedPolicy model = LearnedPolicy.of(file, price);
      System.err.printf("a fold of %d runs: tuned %s, %s%n", fold.judged().length, settings.get(best), model);
      SweepRecipe recipe = SweepRecipe.on(training);
      List<ModelFile> ranked = Arrays.stream(SWEEP_PRICES).mapToObj(recipe::train).toList();
      for (ScoredRun judged : Fold.select(runs, fold.judged())) {
        tuned.put(judged.task(), settings.get(best));
        learned.put(judged.task(), model);
        for (int p = 0; p < SWEEP_PRICES.length; p++) {
          trees.get(p).put(judged.task(), ranked.get(p));
        }
      }
    }
  }

  private static Map<String, Function<TaskId, SweepPolicy>> policies(
      Map<TaskId, StopPolicy> tuned, Map<TaskId, LearnedPolicy> learned, List<Map<TaskId, ModelFile>> trees) {
    Map<String, Function<TaskId, SweepPolicy>> policies = new LinkedHashMap<>();
    policies.put("never", task -> SweepPolicy.of(StopPolicy.NEVER));
    policies.put("random, every second run", task -> new AtRandom(0.5));
    policies.put("random, every run", task -> new AtRandom(1));
    policies.put("best tuned rule, each alone", task -> SweepPolicy.of(tuned.get(task)));
    policies.put(ALONE, task -> SweepPolicy.of(learned.get(task)));
    policies.put("out of the incumbent's reach", task -> new IncumbentAware(silent(learned.get(task)), 0));
    policies.put(BOLD, task -> new IncumbentAware(learned.get(task), 0));
    policies.put(KEPT, task -> new IncumbentAware(learned.get(task), 1));
    policies.put("learned + incumbent, best 3 kept", task -> new IncumbentAware(learned.get(task), 3));
    policies.put(RANKED, task -> ranked(learned.get(task), trees.get(0).get(task), 0));
    policies.put(RANKED_KEPT, task -> ranked(learned.get(task), trees.get(0).get(task), 1));
    policies.put("ranked, sweep price 0.1, best 3 kept", task -> ranked(learned.get(task), trees.get(0).get(task), 3));
    policies.put("ranked, sweep price 0.3", task -> ranked(learned.get(task), trees.get(1).get(task), 0));
    policies.put(BOLDER, task -> ranked(learned.get(task), trees.get(1).get(task), 1));
    for (SweepPolicy rule : RULES) {
      policies.put(rule.toString(), task -> rule);
    }
    return policies;
  }

  private static SweepPolicy ranked(LearnedPolicy alone, ModelFile trees, int keptBest) {
    return RankedSweep.of(alone, trees, trees.thresholds().byPrice().firstKey(), keptBest);
  }

  /** Expects the same of a run, but never stops it by itself (a probability does not come to 1). */
  private static StopPolicy silent(LearnedPolicy p) {
    return new LearnedPolicy(p.model(), p.priors(), p.outlooks(), p.price(), 1, 1);
  }

  private static void print(SweepResults results, double price, int folds) {
    System.out.printf(
        Locale.ROOT,
        "%,d sweeps of %d tasks (development part), %d to %d runs each, %d workers, %d shuffles; rule and model from other tasks, %d folds,"
            + " price %s%n",
        results.sweeps(),
        results.tasks(),
        FEWEST,
        MOST,
        WORKERS,
        SHUFFLES,
        folds,
        price);
    System.out.println("| policy | saved [95 %] | regret [95 %] | P(best was stopped) [95 %] | P(best value missed) [95 %] |");
    System.out.println("|---|---|---|---|---|");
    for (SweepResults.Row row : results.rows(SEED)) {
      String cells =
          List.of(percent(row.saved()), number(row.regret()), percent(row.bestStopped()), percent(row.bestMissed())).stream()
              .collect(Collectors.joining(" | "));
      System.out.println("| " + row.policy() + " | " + cells + " |");
    }
    for (SweepPolicy rule : RULES) {
      compare(results, KEPT, rule.toString());
      compare(results, BOLD, rule.toString());
      compare(results, RANKED_KEPT, rule.toString());
      compare(results, BOLDER, rule.toString());
    }
    compare(results, RANKED_KEPT, KEPT);
    compare(results, BOLDER, KEPT);
    for (String policy : List.of(ALONE, KEPT, BOLD, RANKED_KEPT, BOLDER)) {
      System.out.printf(Locale.ROOT, "%s, where most is lost:", policy);
      results.worst(policy, 5).forEach(t -> System.out.printf(Locale.ROOT, " %s %.2f;", t.task().task(), t.regret()));
      System.out.println();
    }
  }

  /** Paired, task by task. */
  private static void compare(SweepResults results, String policy, String other) {
    System.out.printf(
        "%s beside %s: saved %s more, regret %s more%n",
        policy,
        other,
        percent(results.difference(policy, other, SweepOutcome::saved, SEED)),
        number(results.difference(policy, other, SweepOutcome::regret, SEED)));
  }

  private static String percent(SweepResults.Estimate e) {
    return String.format(Locale.ROOT, "%.1f %% [%.1f, %.1f]", 100 * e.mean(), 100 * e.low(), 100 * e.high());
  }

  private static String number(SweepResults.Estimate e) {
    return String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", e.mean(), e.low(), e.high());
  }
}
