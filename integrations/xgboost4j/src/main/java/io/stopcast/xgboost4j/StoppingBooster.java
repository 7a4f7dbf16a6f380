package io.stopcast.xgboost4j;

import io.stopcast.policy.Advice;
import io.stopcast.policy.Bounds;
import io.stopcast.policy.Decision;
import io.stopcast.policy.Signals;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * {@link XGBoost#train} with a policy that is asked after every round whether to go on.
 *
 * <p>Its own {@code early_stopping_rounds} takes the last data set's first metric and guesses from the name which way it gets
 * better; here the run's objective says both. Each round is a step: its index is the round counted from 0, its cost the
 * rounds so far, its metrics are called as XGBoost prints them, such as {@code validation-logloss}. If the training data is
 * among the evaluated and the objective is a loss, its value there is {@code train_loss} too, which models look at. The learning rate that a round
 * was grown with, {@code eta}, is {@code learning_rate}.
 *
 * <p>A policy that asks for a lower learning rate gets it from the next round on: {@code eta} is set. Changes of another kind mean nothing to
 * boosted trees, and are kept in the result as not made.
 */
public final class StoppingBooster {
  private StoppingBooster() {}

  /**
   * Trains until the planned end or until the policy says stop.
   *
   * @param training what is trained on
   * @param params as for {@link XGBoost#train}
   * @param rounds how many are planned; tell the policy by the run's horizon
   * @param evals what is evaluated after every round, by name
   * @param run what is known of the run; its objective is one of the metrics, such as {@code validation-logloss}
   * @param policy what decides
   * @throws IllegalArgumentException after the first round, if no evaluation reports the objective or another metric that the policy
   *     looks at; before it, if {@code eta} is no positive number or the run is beyond the policy's bounds
   */
  public static StoppedBooster train(
      DMatrix training,
      Map<String, Object> params,
      int rounds,
      Map<String, DMatrix> evals,
      RunContext run,
      StopPolicy policy)
      throws XGBoostError {
    if (rounds < 1) {
      throw new IllegalArgumentException("the number of rounds must be at least 1, but was " + rounds);
    }
    Evaluation evaluation = new Evaluation(evals, training, run.objective());
    double eta = eta(params);
    StopPolicy.Watch watch = policy.watch(run);
    // Without a round this is all that a new booster takes, which only XGBoost itself can make.
    Booster booster = XGBoost.train(training, params, 0, evals, null, null);
    try {
      return train(booster, training, rounds, eta, evaluation, run.objective(), policy, watch);
    } catch (XGBoostError | RuntimeException e) {
      booster.dispose();
      throw e;
    }
  }

  private static StoppedBooster train(
      Booster booster,
      DMatrix training,
      int rounds,
      double firstEta,
      Evaluation evaluation,
      Objective objective,
      StopPolicy policy,
      StopPolicy.Watch watch)
      throws XGBoostError {
    List<Step> steps = new ArrayList<>();
    List<StoppedBooster.Asked> asked = new ArrayList<>();
    double eta = firstEta;
    double best = Double.NaN;
    int bestIteration = -1;
    Optional<Decision.Stop> stop = Optional.empty();
    for (int round = 0; round < rounds && stop.isEmpty(); round++) {
      booster.update(training, round);
      Step reported = evaluation.step(round, booster.evalSet(evaluation.data(), evaluation.names(), round));
      Step step = reported.with(Bounds.LEARNING_RATE, eta);
      if (round == 0) {
        requireReported(objective, reported);
        Signals.requireReported(policy, step);
      }
      steps.add(step);
      double gain = objective.gain(step);
      if (Double.isFinite(gain) && !(gain <= best)) {
        best = gain;
        bestIteration = round;
      }
      Decision decision = watch.observe(step);
      if (decision instanceof Decision.Stop now) {
        stop = Optional.of(now);
      } else if (decision instanceof Decision.Continue change && change.advice().isPresent()) {
        boolean isRate = change.advice().get() instanceof Advice.ReduceLearningRate;
        if (isRate) {
          eta *= change.advice().get().amount();
          booster.setParam("eta", eta);
        }
        asked.add(new StoppedBooster.Asked(round, change, isRate));
      }
    }
    if (bestIteration >= 0) {
      booster.setAttr("best_iteration", String.valueOf(bestIteration));
      booster.setAttr("best_score", String.valueOf((float) objective.gain(best)));
    }
    return new StoppedBooster(booster, steps, bestIteration, stop, asked);
  }

  /** The learning rate under either of its names; what XGBoost takes if it is not named. */
  private static double eta(Map<String, Object> params) {
    Object given = params.getOrDefault("eta", params.getOrDefault(Bounds.LEARNING_RATE, 0.3));
    try {
      double eta = Double.parseDouble(given.toString());
      if (eta > 0 && eta < Double.POSITIVE_INFINITY) {
        return eta;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException("the parameter eta must be a positive number, but was " + given);
  }

  private static void requireReported(Objective objective, Step step) {
    if (!objective.isReportedBy(step)) {
      throw new IllegalArgumentException(
          "no evaluation reports '%s'; they report %s. Name the run's objective as XGBoost prints it"
              .formatted(objective.metric(), step.names()));
    }
  }
}
