package io.stopcast.datasets;

import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.policy.Advice;
import io.stopcast.policy.BatchByNoise;
import io.stopcast.policy.Bounds;
import io.stopcast.policy.Budget;
import io.stopcast.policy.Drop;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.ReductionThreshold;
import io.stopcast.policy.StillLayers;
import io.stopcast.policy.StopPolicy;
import java.util.ArrayList;
import java.util.List;

/** How a training is steered. Chosen before anything was trained, and not changed since. */
enum AdviceArm {
  /** To the planned end, by the task's fixed schedule: what all others are measured against. */
  FIXED("fixed schedule"),
  /** To the planned end, the learning rate as it was at the start. */
  CONSTANT("constant rate"),
  /** What is usual: half the rate on a plateau, stopped after a long one. */
  PLATEAU("plateau + patience"),
  /** The learned stop at a constant rate, without advice; replayed from {@link #CONSTANT}, as a stop changes nothing before it. */
  LEARNED("learned stop"),
  /** Half the rate on a plateau, after a drop, or before a stop that is not certain. */
  ADVISED("advice + learned stop"),
  /** A dynamic threshold beside the learned stop, all advisers, and a budget. */
  COMBINED("combined");

  private static final Advice HALF = new Advice.ReduceLearningRate(0.5);
  private static final StopPolicy ON_PLATEAU = new ReduceOnPlateau(0.5, 5);
  private static final StopPolicy ON_DROP = new ReductionThreshold(Drop.relative(0.05), 3).advising(HALF);
  private static final double SURE = 0.8;
  private static final double BUDGET = 0.8;

  private final String label;

  AdviceArm(String label) {
    this.label = label;
  }

  /** What tables call it. */
  String label() {
    return label;
  }

  /** Whether it depends on what the compute is worth. */
  boolean hasPrice() {
    return this == LEARNED || this == ADVISED || this == COMBINED;
  }

  /** The policy for a training that starts at a rate. The learned one knows no earlier run of any task. */
  StopPolicy policy(ModelFile model, double price, TrialTask task, double rate) {
    return switch (this) {
      case FIXED, CONSTANT -> StopPolicy.NEVER;
      case PLATEAU -> ON_PLATEAU.or(new Patience(15));
      case LEARNED -> learned(model, price);
      case ADVISED ->
          learned(model, price).advised(ON_DROP, ON_PLATEAU).unlessCertain(SURE, HALF).within(Bounds.of(4).withLeastRate(rate / 100));
      case COMBINED -> combined(model, price, task, rate);
    };
  }

  private static StopPolicy learned(ModelFile model, double price) {
    return LearnedPolicy.of(model, price).with(Priors.NONE);
  }

  private static StopPolicy combined(ModelFile model, double price, TrialTask task, double rate) {
    List<StopPolicy> advisers = new ArrayList<>(List.of(ON_DROP, ON_PLATEAU, new BatchByNoise(5, 0.5, Double.POSITIVE_INFINITY, 2)));
    Bounds bounds = Bounds.of(4).withLeastRate(rate / 100).withBatch(1, 256);
    if (!task.layers().isEmpty()) {
      advisers.add(new StillLayers(task.layers(), 0.1, 3));
      bounds = bounds.withLayers(task.layers().size() - 1);
    }
    return new ReductionThreshold(Drop.ofNoise(6).tightening(0.5), 3)
        .or(learned(model, price))
        .advised(advisers.toArray(StopPolicy[]::new))
        .unlessCertain(SURE, HALF)
        .within(bounds)
        .or(Budget.ofCost(BUDGET * task.plannedCost()));
  }
}
