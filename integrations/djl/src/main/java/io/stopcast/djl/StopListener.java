package io.stopcast.djl;

import ai.djl.training.Trainer;
import ai.djl.training.TrainingResult;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListenerAdapter;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Signals;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Asks a policy after every epoch whether the training should go on, and ends it as DJL's own {@code EarlyStoppingListener}
 * does: by an {@link EarlyStoppedException} out of {@code EasyTrain.fit}, which the caller catches.
 *
 * <p>Add it last, behind {@code TrainingListener.Defaults}: listeners behind it do not see the epoch at which it stops. It
 * needs no {@code Metrics}.
 *
 * <p>DJL's own listener compares an epoch with the one before, so that a curve that creeps up and down is never stopped and a
 * slow one too soon, and takes whatever it monitors for a loss, an accuracy as well. Here a policy judges the whole curve, and
 * the objective says which way it gets better. Each epoch is a step: its index and cost are the epochs so far, its metrics
 * are called as {@link TrainingResult#getEvaluations} calls them: {@code validate_loss}, {@code validate_Accuracy}, {@code
 * train_loss}. Without a validation set the former are NaN, which alone never stops a run.
 *
 * <p>A change of the run that the policy asks for is handed to the caller, who knows the trainer's optimiser: DJL's take their learning rate from a
 * {@code Tracker}, which may multiply by a factor that the caller lowers; {@code Parameter.freeze} freezes a layer.
 *
 * <p>One trainer at a time; a new one starts a new run. {@link #stop}, {@link #steps} and {@link #bestEpoch} are of the last.
 */
public final class StopListener extends TrainingListenerAdapter {
  private final RunContext run;
  private final StopPolicy policy;
  private final Consumer<Decision.Continue> changes;
  private StopPolicy.Watch watch;
  private final List<Step> steps = new ArrayList<>();
  private Optional<Decision.Stop> stop = Optional.empty();

  /**
   * A listener for runs of which this much is known; changes that the policy asks for are not made.
   *
   * @param run its objective is one of DJL's evaluations, such as {@code validate_Accuracy}
   * @param policy what decides
   */
  public StopListener(RunContext run, StopPolicy policy) {
    this(run, policy, change -> {});
  }

  /**
   * A listener that hands over what the policy asks for.
   *
   * @param changes is given each change, with its reason, on the training thread at the end of the epoch; what it throws ends the training
   */
  public StopListener(RunContext run, StopPolicy policy, Consumer<Decision.Continue> changes) {
    this.run = run;
    this.policy = policy;
    this.changes = Objects.requireNonNull(changes, "changes");
    this.watch = policy.watch(run);
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    watch = policy.watch(run);
    steps.clear();
    stop = Optional.empty();
  }

  /**
   * Lets the policy judge the epoch.
   *
   * @throws EarlyStoppedException with the epoch and the reason, if it says stop
   * @throws IllegalStateException if the objective is no evaluation of this trainer
   * @throws IllegalArgumentException after the first epoch, if another metric that the policy looks at is none
   */
  @Override
  public void onEpoch(Trainer trainer) {
    observe(trainer.getTrainingResult());
  }

  void observe(TrainingResult result) {
    int epoch = steps.size() + 1;
    Step step = Step.of(epoch, epoch, evaluations(result));
    if (epoch == 1) {
      Signals.requireReported(policy, step);
    }
    steps.add(step);
    Decision decision = watch.observe(step);
    if (decision instanceof Decision.Stop now) {
      stop = Optional.of(now);
      throw new EarlyStoppedException(epoch, now.reason());
    }
    if (decision instanceof Decision.Continue change && change.advice().isPresent()) {
      changes.accept(change);
    }
  }

  private Map<String, Double> evaluations(TrainingResult result) {
    Map<String, Double> values = new TreeMap<>();
    if (result.getEvaluations() != null) { // as without an evaluating listener
      result.getEvaluations().forEach((name, value) -> values.put(name, value.doubleValue()));
    }
    String metric = run.objective().metric();
    if (!values.containsKey(metric)) {
      throw new IllegalStateException(
          "the trainer does not evaluate '%s'; it evaluates %s. Add its evaluator, and this listener behind those that evaluate"
              .formatted(metric, values.keySet()));
    }
    return values;
  }

  /** Why the training was stopped; empty if it was not. */
  public Optional<Decision.Stop> stop() {
    return stop;
  }

  /** What every epoch reported, as the policy saw it; with the run's context, a run to learn from. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** The first epoch with the best value, counted from 1; 0 if no value was finite. */
  public int bestEpoch() {
    Objective objective = run.objective();
    int epoch = 0;
    for (int i = 0; i < steps.size(); i++) {
      double gain = objective.gain(steps.get(i));
      if (Double.isFinite(gain) && (epoch == 0 || gain > objective.gain(steps.get(epoch - 1)))) {
        epoch = i + 1;
      }
    }
    return epoch;
  }
}
