package io.stopcast.tribuo;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tribuo.math.LinearParameters;

/** One training under way: its epochs, what they reported and what was decided. */
final class Training {
  /** The name by which models know the training loss. */
  private static final String TRAIN_LOSS = "train_loss";

  private final RunContext run;
  private final StopPolicy.Watch watch;
  private final int examples;
  private final int updatesOfAnEpoch;
  private final Losses losses;
  private final Function<LinearParameters, Map<String, Double>> evaluation;
  private final List<Step> steps = new ArrayList<>();
  private int updates;
  private double bestGain = Double.NaN;
  private LinearParameters best;
  private int bestEpoch;
  private Decision.Stop stop;

  Training(
      RunContext run,
      StopPolicy.Watch watch,
      int examples,
      int minibatchSize,
      Losses losses,
      Function<LinearParameters, Map<String, Double>> evaluation) {
    this.run = run;
    this.watch = watch;
    this.examples = examples;
    this.updatesOfAnEpoch = (examples - 1) / minibatchSize + 1;
    this.losses = losses;
    this.evaluation = evaluation;
  }

  /** Counts an update, asks the policy if it was the last one of an epoch, and returns whether that was the last epoch. */
  boolean isStoppedByUpdateOf(LinearParameters weights) {
    updates++;
    if (updates < updatesOfAnEpoch) {
      return false;
    }
    updates = 0;
    LinearParameters now = weights.copy();
    Step step = step(evaluation.apply(now));
    steps.add(step);
    double gain = run.objective().gain(step);
    if (Double.isFinite(gain) && !(gain <= bestGain)) {
      bestGain = gain;
      best = now;
      bestEpoch = epoch();
    }
    if (watch.observe(step) instanceof Decision.Stop said) {
      stop = said;
    }
    return stop != null;
  }

  private Step step(Map<String, Double> reported) {
    Map<String, Double> metrics = new LinkedHashMap<>(reported);
    metrics.putIfAbsent(TRAIN_LOSS, losses.takeMean());
    long epoch = steps.size() + 1L;
    Step step = Step.of(epoch, (double) epoch * examples, metrics);
    if (epoch == 1 && !run.objective().isReportedBy(step)) {
      throw new IllegalArgumentException(
          "the evaluation does not report '%s'; there are %s. Name the run's objective as the evaluation does"
              .formatted(run.objective().metric(), step.names()));
    }
    return step;
  }

  /** The last one that has ended, counted from 1. */
  int epoch() {
    return steps.size();
  }

  Losses losses() {
    return losses;
  }

  List<Step> steps() {
    return steps;
  }

  /** The weights after the best epoch; null if no value was finite. */
  LinearParameters best() {
    return best;
  }

  /** The first epoch with the best value; 0 if no value was finite. */
  int bestEpoch() {
    return bestEpoch;
  }

  Optional<Decision.Stop> stop() {
    return Optional.ofNullable(stop);
  }
}
