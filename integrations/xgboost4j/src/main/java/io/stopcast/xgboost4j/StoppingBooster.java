package io.stopcast.xgboost4j;

import io.stopcast.policy.Decision;
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
 * among the evaluated and the objective is a loss, its value there is {@code train_loss} too, which models look at.
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
   * @throws IllegalArgumentException after the first round, if no evaluation reports the objective
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
    StopPolicy.Watch watch = policy.watch(run);
    // Without a round this is all that a new booster takes, which only XGBoost itself can make.
    Booster booster = XGBoost.train(training, params, 0, evals, null, null);
    try {
      return train(booster, training, rounds, evaluation, run.objective(), watch);
    } catch (XGBoostError | RuntimeException e) {
      booster.dispose();
      throw e;
    }
  }

  private static StoppedBooster train(
      Booster booster,
      DMatrix training,
      int rounds,
      Evaluation evaluation,
      Objective objective,
      StopPolicy.Watch watch)
      throws XGBoostError {
    List<Step> steps = new ArrayList<>();
    double best = Double.NaN;
    int bestIteration = -1;
    Optional<Decision.Stop> stop = Optional.empty();
    for (int round = 0; round < rounds && stop.isEmpty(); round++) {
      booster.update(training, round);
      Step step = evaluation.step(round, booster.evalSet(evaluation.data(), evaluation.names(), round));
      if (round == 0) {
        requireReported(objective, step);
      }
      steps.add(step);
      double gain = objective.gain(step);
      if (Double.isFinite(gain) && !(gain <= best)) {
        best = gain;
        bestIteration = round;
      }
      if (watch.observe(step) instanceof Decision.Stop now) {
        stop = Optional.of(now);
      }
    }
    if (bestIteration >= 0) {
      booster.setAttr("best_iteration", String.valueOf(bestIteration));
      booster.setAttr("best_score", String.valueOf((float) objective.gain(best)));
    }
    return new StoppedBooster(booster, steps, bestIteration, stop);
  }

  private static void requireReported(Objective objective, Step step) {
    if (!objective.isReportedBy(step)) {
      throw new IllegalArgumentException(
          "no evaluation reports '%s'; they report %s. Name the run's objective as XGBoost prints it"
              .formatted(objective.metric(), step.names()));
    }
  }
}
