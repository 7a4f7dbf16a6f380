package io.stopcast.datasets.family;

import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what a run on a table shows, point by point, under the names that all such families share. */
final class Curve {
  /**
   * Errors beyond this say no more than that the run has blown up. They are cut here, so that nobody's arithmetic on a
   * history overflows.
   */
  private static final double HIGHEST = 1e6;

  private final Question question;
  private final List<String> names;
  private final List<Step> steps = new ArrayList<>();
  private final List<Double> test = new ArrayList<>();
  private boolean diverged;

  Curve(Question question) {
    this.question = question;
    String objective = metric(question);
    String other = question == Question.ACCURACY ? "logloss" : question == Question.LOGLOSS ? "accuracy" : "mae";
    this.names = List.of("val_" + objective, "val_" + other, "train_loss", "train_" + objective, "learning_rate");
  }

  /** What runs are judged by. */
  static Objective objective(Question question) {
    return new Objective(
        "val_" + metric(question), question == Question.ACCURACY ? Direction.MAXIMIZE : Direction.MINIMIZE);
  }

  private static String metric(Question question) {
    return question.isRegression() ? "rmse" : question.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Adds the next point.
   *
   * @param samples how many rows the run has trained on so far, each as often as it was
   * @param rate the learning rate with which it came here
   */
  void point(long samples, double rate, Scores training, Scores validation, Scores testing) {
    double value = judged(validation);
    diverged |= !Double.isFinite(value);
    steps.add(
        Step.of(
            steps.size() + 1L,
            samples,
            names,
            cut(value),
            cut(question == Question.ACCURACY ? validation.loss() : validation.second()),
            cut(training.loss()),
            cut(judged(training)),
            rate));
    test.add(cut(judged(testing)));
  }

  Run toRun(RunContext context) {
    return new Run(
        context,
        steps,
        Map.of("test_" + metric(question), test.stream().mapToDouble(Double::doubleValue).toArray()),
        diverged ? End.DIVERGED : End.COMPLETED);
  }

  private double judged(Scores scores) {
    return question == Question.ACCURACY ? scores.second() : scores.loss();
  }

  private static double cut(double value) {
    return Double.isFinite(value) ? Math.min(value, HIGHEST) : Double.NaN;
  }
}
