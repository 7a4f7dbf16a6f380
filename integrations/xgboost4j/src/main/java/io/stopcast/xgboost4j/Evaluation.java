package io.stopcast.xgboost4j;

import io.stopcast.run.Direction;
import io.stopcast.run.Objective;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.DMatrix;

/** The data that a booster is evaluated on after every round, and how its report becomes a step. */
final class Evaluation {
  /** The name by which models know the training loss. */
  private static final String TRAIN_LOSS = "train_loss";

  private final String[] names;
  private final DMatrix[] data;
  private final String trainingLoss;

  /**
   * @param evals data by name
   * @param training the data that is trained on; may be among them
   */
  Evaluation(Map<String, DMatrix> evals, DMatrix training, Objective objective) {
    names = evals.keySet().toArray(String[]::new);
    data = evals.values().toArray(DMatrix[]::new);
    trainingLoss = objective.direction() == Direction.MINIMIZE ? onTraining(objective.metric(), training) : null;
  }

  /** The objective's metric as it is called on the training data; null if that is not evaluated. */
  private String onTraining(String metric, DMatrix training) {
    int trained = Arrays.asList(data).indexOf(training);
    for (String name : names) {
      if (trained >= 0 && metric.startsWith(name + '-')) {
        return names[trained] + metric.substring(name.length());
      }
    }
    return null;
  }

  String[] names() {
    return names.clone();
  }

  DMatrix[] data() {
    return data.clone();
  }

  /**
   * Reads a report such as {@code [7]<tab>train-logloss:0.31<tab>validation-logloss:0.42}, in which there may be several
   * metrics for each data set.
   *
   * @param round counted from 0
   */
  Step step(int round, String report) {
    List<String> metrics = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    String[] fields = report.split("\t");
    for (int i = 1; i < fields.length; i++) {
      int colon = fields[i].lastIndexOf(':'); // a name may have one as well
      metrics.add(fields[i].substring(0, colon));
      values.add(number(fields[i].substring(colon + 1)));
    }
    int loss = trainingLoss == null || metrics.contains(TRAIN_LOSS) ? -1 : metrics.indexOf(trainingLoss);
    if (loss >= 0) {
      metrics.add(TRAIN_LOSS);
      values.add(values.get(loss));
    }
    return Step.of(round, round + 1, metrics, values.stream().mapToDouble(value -> value).toArray());
  }

  /** As C++ writes it. */
  private static double number(String text) {
    return switch (text) {
      case "nan", "-nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
