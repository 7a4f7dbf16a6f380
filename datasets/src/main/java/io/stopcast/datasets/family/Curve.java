package io.stopcast.datasets.family;

import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.run.Direction;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Collects what a run on a table shows, point by point, under the names that all such families share. */
final class Curve {
  private final Question question;
  private final OptionalDouble tokensPerSample;
  private final RunLog log;

  /**
   * A curve without points.
   *
   * @param tokensPerSample if given, cost counts tokens, and samples are a signal beside
   */
  Curve(Question question, OptionalDouble tokensPerSample) {
    this.question = question;
    this.tokensPerSample = tokensPerSample;
    String objective = metric(question);
    String other = question == Question.ACCURACY ? "logloss" : question == Question.LOGLOSS ? "accuracy" : "mae";
    this.log =
        new RunLog(
            objective(question),
            "test_" + objective,
            List.of(
                "val_" + objective,
                "val_" + other,
                "train_loss",
                "train_" + objective,
                "learning_rate",
                "grad_norm",
                "samples"));
  }

  /** What runs are judged by. */
  static Objective objective(Question question) {
    return new Objective(
        "val_" + metric(question), question == Question.ACCURACY ? Direction.MAXIMIZE : Direction.MINIMIZE);
  }

  static String metric(Question question) {
    return question.isRegression() ? "rmse" : question.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Adds the next point.
   *
   * @param samples how many rows the run has trained on so far, each as often as it was
   * @param rate the learning rate with which it came here
   * @param gradient mean Euclidean norm of the batches' gradients since the last point; NaN if the family has none
   */
  void point(long samples, double rate, double gradient, Scores training, Scores validation, Scores testing) {
    log.point(
        tokensPerSample.isPresent() ? Math.rint(samples * tokensPerSample.getAsDouble()) : samples,
        judged(testing),
        judged(validation),
        question == Question.ACCURACY ? validation.loss() : validation.second(),
        training.loss(),
        judged(training),
        rate,
        gradient,
        tokensPerSample.isPresent() ? samples : Double.NaN);
  }

  Run toRun(RunContext context) {
    return log.toRun(context);
  }

  private double judged(Scores scores) {
    return judged(question, scores);
  }

  static double judged(Question question, Scores scores) {
    return question == Question.ACCURACY ? scores.second() : scores.loss();
  }
}
