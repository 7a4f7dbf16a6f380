package io.stopcast.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.tribuo.Dataset;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.common.sgd.SGDObjective;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.provenance.ModelProvenance;

/**
 * Tribuo's {@link LinearSGDTrainer} with a policy that is asked after every epoch whether to go on.
 *
 * <p>Tribuo has no callback and no warm start, so the training is not cut into chunks: it is Tribuo's own loop, told that it
 * has come to its last epoch. What was trained for so many epochs has the same weights as if so many had been planned.
 *
 * <p>Each epoch is a step: its index is the epoch counted from 1, its cost the examples seen so far, its metrics are those
 * that the caller's evaluation reports, and {@code train_loss}, the mean loss of the examples as they were learned from, unless
 * the evaluation reports that itself. An evaluated model is a copy: it costs the weights once, and
 * may be kept. The weights are those of the moment; an optimiser that averages them does so at the end only.
 *
 * <p>Changes that a policy asks for are passed over: the optimiser, which holds the learning rate, is Tribuo's. So give it no {@link
 * io.stopcast.policy.Arbiter}, which would hold stops back for them.
 *
 * <p>Trains one model at a time; a second thread waits. {@link #train(Dataset)} trains as Tribuo's trainer does, to the end.
 */
public final class StoppingTrainer extends LinearSGDTrainer {
  private static final int NO_LOGGING = -1;

  private final int planned;
  private Training training;

  /**
   * A trainer.
   *
   * @param objective what is minimised on the training examples
   * @param epochs how many are planned, at least 1; tell the policy by the run's horizon
   * @param minibatchSize examples a step of the optimiser, at least 1
   * @param seed of the order of the examples
   */
  public StoppingTrainer(
      LabelObjective objective, StochasticGradientOptimiser optimiser, int epochs, int minibatchSize, long seed) {
    super(objective, optimiser, epochs, NO_LOGGING, minibatchSize, seed);
    if (epochs < 1) {
      throw new IllegalArgumentException("the number of epochs must be at least 1, but was " + epochs);
    }
    planned = epochs;
  }

  /**
   * Trains until the planned end or until the policy says stop.
   *
   * @param run what is known of the run; its objective is one of the metrics that the evaluation reports, or train_loss
   * @param policy what decides
   * @param evaluation metrics of the model after an epoch, by name
   * @throws IllegalArgumentException after the first epoch, if nobody reports the objective
   */
  public synchronized StoppedModel train(
      Dataset<Label> examples,
      RunContext run,
      StopPolicy policy,
      Function<LinearSGDModel, Map<String, Double>> evaluation) {
    Objects.requireNonNull(evaluation, "evaluation");
    ModelProvenance provenance =
        new ModelProvenance(getModelClassName(), OffsetDateTime.now(), examples.getProvenance(), getProvenance());
    ImmutableFeatureMap features = examples.getFeatureIDMap();
    ImmutableOutputInfo<Label> labels = examples.getOutputIDInfo();
    training =
        new Training(
            run,
            policy.watch(run),
            examples.size(),
            minibatchSize,
            new Losses(super.getObjective()),
            weights -> evaluation.apply(createModel(getName(), provenance, features, labels, weights)));
    try {
      LinearSGDModel model = train(examples);
      LinearSGDModel best =
          training.best() == null ? model : createModel(getName(), provenance, features, labels, training.best());
      return new StoppedModel(model, best, training.bestEpoch(), training.steps(), training.stop());
    } finally {
      training = null;
      epochs = planned;
    }
  }

  @Override
  public synchronized LinearSGDModel train(
      Dataset<Label> examples, Map<String, Provenance> runProvenance, int invocationCount) {
    return super.train(examples, runProvenance, invocationCount); // one at a time, as the number of epochs may change
  }

  @Override
  protected LinearParameters createParameters(int features, int labels, SplittableRandom random) {
    LinearParameters fresh = super.createParameters(features, labels, random);
    return training == null ? fresh : new Updated(fresh, training, () -> epochs = training.epoch());
  }

  @Override
  protected SGDObjective<Integer> getObjective() {
    return training == null ? super.getObjective() : training.losses();
  }

  @Override
  protected LinearSGDModel createModel(
      String name,
      ModelProvenance provenance,
      ImmutableFeatureMap features,
      ImmutableOutputInfo<Label> labels,
      LinearParameters weights) {
    LinearParameters plain = new LinearParameters(weights.getWeightMatrix());
    return super.createModel(name, provenance, features, labels, plain);
  }
}
