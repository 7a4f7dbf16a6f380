package io.stopcast.replay;

import io.stopcast.policy.BoostingEarlyStopping;
import io.stopcast.policy.Dl4jScoreImprovement;
import io.stopcast.policy.Drop;
import io.stopcast.policy.KerasEarlyStopping;
import io.stopcast.policy.LightningEarlyStopping;
import io.stopcast.policy.MinDelta;
import io.stopcast.policy.NonFinite;
import io.stopcast.policy.Patience;
import io.stopcast.policy.PatienceShare;
import io.stopcast.policy.Plateau;
import io.stopcast.policy.ReductionThreshold;
import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.TransformersEarlyStopping;
import io.stopcast.policy.Wilcoxon;
import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;

/**
 * Hand-made rules beyond the ten families of the protocol, tuned just as these are: one setting for all tasks, and never stopping is one.
 *
 * <p>They are no part of the best rule that a learned policy is measured against, so that published numbers stay what they are. What has
 * to be set in the unit of each task is in {@link LevelRules}. The rules of tools are tried with the min-delta that the tools have by
 * default, 0, since one in the metric's unit cannot serve many tasks: on finite curves they then count alike, and differ from {@link
 * Patience} in nothing but where its grid has min-deltas.
 */
public final class FurtherRules {
  private static final int WARM_UP = 10;
  private static final int[] PATIENCES = {1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100};
  private static final String TRAIN_LOSS = "train_loss";

  private FurtherRules() {}

  /** Returns all families; always the same settings in the same order. */
  public static List<Family> families() {
    return List.of(
        reductions("reduction, share of best", Drop::relative, new double[] {.02, .05, .1, .2, .4}, WARM_UP),
        reductions("reduction, share of span", Drop::ofSpan, new double[] {.05, .1, .2, .4}, WARM_UP),
        reductions("reduction, in noise", Drop::ofNoise, new double[] {2, 3, 4, 6, 10}, 1),
        tool("Keras", patience -> new KerasEarlyStopping(patience, 0)),
        tool("Lightning", patience -> new LightningEarlyStopping(patience, 0)),
        tool("Transformers", patience -> new TransformersEarlyStopping(patience, 0)),
        tool("XGBoost, LightGBM", patience -> new BoostingEarlyStopping(patience, 0)),
        tool("DL4J", patience -> new Dl4jScoreImprovement(patience, 0)),
        plateaus(),
        wilcoxons(),
        family("non-finite", List.of(new NonFinite(1), new NonFinite(3))),
        hybrids());
  }

  private static Family reductions(String name, DoubleFunction<Drop> drop, double[] sizes, int warmUp) {
    List<StopPolicy> rules = new ArrayList<>();
    for (double size : sizes) {
      for (Drop of : List.of(drop.apply(size), drop.apply(size).tightening(.25))) {
        for (int points : new int[] {1, 2, 3, 5}) {
          rules.add(new ReductionThreshold(of, points).notBefore(warmUp));
        }
      }
    }
    return family(name, rules);
  }

  private static Family tool(String name, IntFunction<StopPolicy> rule) {
    List<StopPolicy> rules = new ArrayList<>();
    for (int patience : PATIENCES) {
      rules.add(rule.apply(patience));
      if (patience <= 5) {
        rules.add(rule.apply(patience).notBefore(WARM_UP));
      }
    }
    return family(name, rules);
  }

  private static Family plateaus() {
    List<StopPolicy> rules = new ArrayList<>();
    for (int points : new int[] {4, 8, 15, 30}) {
      for (double deviation : new double[] {.001, .003, .01, .03, .1}) {
        rules.add(new Plateau(points, MinDelta.ofSpan(deviation)).notBefore(WARM_UP));
      }
    }
    return family("Ray plateau", rules);
  }

  private static Family wilcoxons() {
    List<StopPolicy> rules = new ArrayList<>();
    for (double p : new double[] {.001, .01, .05, .1, .3, .5}) {
      for (int wait : new int[] {5, 10, 20}) {
        rules.add(new Wilcoxon(p, wait));
      }
    }
    return family("Wilcoxon", rules);
  }

  private static Family hybrids() {
    List<StopPolicy> rules = new ArrayList<>();
    for (StopPolicy rule : stillness()) {
      for (double weight : new double[] {.5, .75, .9}) {
        rules.add(new WithTrainLoss(rule, weight));
      }
    }
    return family("hybrid with train_loss", rules);
  }

  /** Rules for when a metric has stood still for long enough, whatever its unit. */
  static List<StopPolicy> stillness() {
    MinDelta minDelta = MinDelta.ofSpan(.01);
    return List.of(
        new Patience(5, minDelta),
        new Patience(10, minDelta),
        new Patience(20, minDelta),
        new PatienceShare(.1, minDelta),
        new PatienceShare(.2, minDelta),
        new PatienceShare(.3, minDelta));
  }

  /** A rule on the weighted geometric mean of a run's objective and its training loss; never stops a run that reports none. */
  private record WithTrainLoss(StopPolicy rule, double weight) implements StopPolicy {
    @Override
    public Watch watch(RunContext run) {
      Objective objective = run.objective();
      if (objective.metric().equals(TRAIN_LOSS)) {
        return rule.watch(run);
      }
      return rule.on(HybridObjective.geometricMean(List.of(objective, Objective.minimize(TRAIN_LOSS)), weight, 1 - weight)).watch(run);
    }

    @Override
    public String toString() {
      return rule + " on " + weight + " objective, " + (1 - weight) + " " + TRAIN_LOSS;
    }
  }

  private static Family family(String name, List<StopPolicy> rules) {
    List<StopPolicy> settings = new ArrayList<>(List.of(StopPolicy.NEVER));
    settings.addAll(rules);
    return new Family(name, settings);
  }
}
