package io.stopcast.risk;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Interval;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A promise put to the test: what models that were trained and certified on the training parts of a split alone have done to the runs
 * that were held out, which neither had seen.
 *
 * <p>One such trial may break a promise that holds, for its confidence is below 1 and so many units are not all; {@code checks/promise}
 * repeats it.
 *
 * @param unit for whom it was
 * @param limit what was to be kept over all of them; a {@link RegretLimit.AlsoEarly} where this is about the runs alone that were stopped early
 * @param price at which the models stopped as far as they had a certificate
 * @param observed what the limit limits: the share of units that lose too much, or the mean regret; a unit of several runs counts by their mean
 * @param interval of {@code observed}, 95 %, by bootstrap over tasks (new tasks: over groups of near-duplicates)
 * @param saved mean share of a run's cost
 * @param units how many there were
 */
public record PromiseTrial(
    Promise.Unit unit, RegretLimit limit, double price, double observed, Interval interval, double saved, int units) {
  private static final int DRAWS = 2_000;

  /** What the limit may be at most. */
  public double promised() {
    return limit.most();
  }

  /**
   * Trains and certifies in each turn, and looks at what was held out: O(turns) trainings.
   *
   * @param recipe whose limit, confidence and seed are taken; of its units the one
   * @param unit that the split holds out whole: configurations of known tasks, or tasks; of another split it would say nothing, as what
   *     thresholds were certified on may be among what is judged
   * @return one a price, in their order, and after it one about the early stops if the limit is kept over them too and there are any; empty if
   *     no held-out run is such a unit
   */
  public static List<PromiseTrial> of(
      PromiseRecipe recipe, Promise.Unit unit, LearnedRecipe learner, List<Folds.Turn> turns, double[] prices) {
    PromiseRecipe forUnit = new PromiseRecipe(recipe.limit(), recipe.confidence(), Set.of(unit), recipe.byFamily(), recipe.seed());
    List<Map<ScoredRun, Integer>> stops = new ArrayList<>();
    Arrays.stream(prices).forEach(price -> stops.add(new HashMap<>()));
    List<ScoredRun> judged = new ArrayList<>();
    for (Folds.Turn turn : turns) {
      ModelFile model = forUnit.train(learner, turn.training(), prices, Map.of()).model();
      LearnedPolicy anyPrice = LearnedPolicy.of(model, prices[0]);
      List<ScoredRun> meant = turn.judged().stream().filter(run -> anyPrice.unitOf(run.run().context()) == unit).toList();
      judged.addAll(meant);
      for (int p = 0; p < prices.length; p++) {
        StopPolicy policy = within(model, unit, recipe.limit(), prices[p]);
        int[] points = meant.parallelStream().mapToInt(run -> Replay.of(policy, run.run()).point()).toArray();
        for (int r = 0; r < points.length; r++) {
          stops.get(p).put(meant.get(r), points[r]);
        }
      }
    }
    if (judged.isEmpty()) {
      return List.of();
    }
    List<CalibrationUnit> units = units(unit, judged);
    List<PromiseTrial> trials = new ArrayList<>();
    for (int p = 0; p < prices.length; p++) {
      Map<ScoredRun, Integer> stopped = stops.get(p);
      ToDoubleFunction<ScoredRun> risk = run -> recipe.limit().counted(run.hindsight().regret()[stopped.get(run)]);
      ToDoubleFunction<ScoredRun> saved = run -> 1 - run.hindsight().share()[stopped.get(run)];
      double mean = units.stream().mapToDouble(one -> one.mean(saved)).average().orElseThrow();
      Ratio overall = Ratio.of(unit, units, run -> 1, risk);
      trials.add(new PromiseTrial(unit, recipe.limit().overall(), prices[p], overall.value(), overall.interval(), mean, units.size()));
      if (recipe.limit().early().isPresent()) {
        double before = recipe.limit().early().getAsDouble();
        Ratio early = Ratio.of(unit, units, run -> saved.applyAsDouble(run) > 1 - before ? 1 : 0, risk);
        if (early.units() > 0) {
          trials.add(new PromiseTrial(unit, recipe.limit(), prices[p], early.value(), early.interval(), mean, early.units()));
        }
      }
    }
    return trials;
  }

  private static StopPolicy within(ModelFile model, Promise.Unit unit, RegretLimit limit, double price) {
    boolean isCertified = model.promises().covering(unit, limit).filter(promise -> promise.isCertifiedAt(price)).isPresent();
    return isCertified ? LearnedPolicy.within(model, limit, price) : StopPolicy.NEVER;
  }

  private static List<CalibrationUnit> units(Promise.Unit unit, List<ScoredRun> judged) {
    Random random = new Random(0); // which run stands for a unit does not matter where its mean counts
    return CalibrationSplit.unitsOf(unit, judged).stream()
        .flatMap(runs -> CalibrationUnit.of(unit, runs, run -> true, random).stream())
        .toList();
  }

  /**
   * What the limit limits, over those runs of the units that count.
   *
   * @param units how many have such runs
   */
  private record Ratio(double value, Interval interval, int units) {
    /** Units of one task are not independent, so that tasks are drawn for the interval. */
    static Ratio of(
        Promise.Unit unit, List<CalibrationUnit> units, ToDoubleFunction<ScoredRun> counts, ToDoubleFunction<ScoredRun> risk) {
      Map<Object, double[]> clusters = new HashMap<>();
      List<double[]> inOrder = new ArrayList<>();
      int counted = 0;
      for (int u = 0; u < units.size(); u++) {
        CalibrationUnit one = units.get(u);
        double weight = one.mean(counts);
        if (weight > 0) {
          Object cluster = unit == Promise.Unit.TASK ? u : one.runs().get(0).task();
          double[] sums = clusters.computeIfAbsent(cluster, c -> {
            double[] fresh = new double[2];
            inOrder.add(fresh);
            return fresh;
          });
          sums[0] += one.mean(run -> counts.applyAsDouble(run) * risk.applyAsDouble(run));
          sums[1] += weight;
          counted++;
        }
      }
      double value = inOrder.stream().mapToDouble(sums -> sums[0]).sum() / inOrder.stream().mapToDouble(sums -> sums[1]).sum();
      return new Ratio(value, counted == 0 ? new Interval(value, value) : interval(inOrder), counted);
    }

    private static Interval interval(List<double[]> inOrder) {
      SplittableRandom random = new SplittableRandom(1);
      double[] means = new double[DRAWS];
      for (int d = 0; d < DRAWS; d++) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < inOrder.size(); i++) {
          double[] drawn = inOrder.get(random.nextInt(inOrder.size()));
          sum += drawn[0];
          count += drawn[1];
        }
        means[d] = sum / count;
      }
      Arrays.sort(means);
      return new Interval(means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]);
    }
  }
}
