package io.stopcast.datasets.family;

import io.stopcast.datasets.network.Activation;
import io.stopcast.datasets.network.Network;
import io.stopcast.datasets.network.Optimizer;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.table.Split;
import java.util.Arrays;
import java.util.Random;

/** One training of a multilayer perceptron; a point after each {@code epochs_per_point} epochs. */
final class NetworkFit {
  static final String HIDDEN = "hidden";
  static final String LAYERS = "layers";
  static final String ACTIVATION = "activation";
  static final String INIT_SCALE = "init_scale";
  static final String LOSS = "loss";
  /** Largest norm of a batch's gradient; 0 for none. */
  static final String CLIP_NORM = "clip_norm";
  static final String EPOCHS_PER_POINT = "epochs_per_point";
  static final String SECOND_DECAY = "beta2";

  private final Settings settings;
  private final int classes;
  private final boolean squared;
  private final double[][] trainRows;
  private final double[][] validationRows;
  private final double[][] testRows;
  private final double[] trainTargets;
  private final double[] validationTargets;
  private final double[] testTargets;
  private final Network network;
  private final Optimizer optimizer;
  private final Random random;
  private final double[] delta;
  private boolean alive = true;
  private double norms;
  private int batches;
  private int batchSize;
  private int firstTrained;

  NetworkFit(Split split, Split.Rows training, Settings settings, int seed) {
    this.settings = settings;
    batchSize = settings.whole("batch_size");
    classes = split.table().classes();
    squared = settings.text(LOSS).equals("squared");
    Columns columns = new Columns(training, settings.text("scaling"), 0, Seeds.random(seed, "products"));
    trainRows = columns.apply(training);
    validationRows = columns.apply(split.validation());
    testRows = columns.apply(split.test());
    trainTargets = training.targets();
    validationTargets = split.validation().targets();
    testTargets = split.test().targets();
    int[] widths = new int[settings.whole(LAYERS) + 2];
    Arrays.fill(widths, settings.whole(HIDDEN));
    widths[0] = columns.width();
    widths[widths.length - 1] = Math.max(1, classes);
    network =
        new Network(
            widths,
            Activation.ofLabel(settings.text(ACTIVATION)),
            settings.real(INIT_SCALE),
            Seeds.random(seed, "weights"));
    optimizer =
        new Optimizer(
            settings.text("optimizer"),
            settings.real("weight_decay"),
            settings.real(SECOND_DECAY),
            network.weights().length);
    random = Seeds.random(seed, "order of rows");
    delta = new double[Math.max(1, classes)];
  }

  void run(Curve curve) {
    double firstRate = settings.real("learning_rate");
    Schedule schedule = Schedule.ofLabel(settings.text("schedule"));
    int points = settings.whole(Settings.POINTS);
    int epochs = settings.whole(EPOCHS_PER_POINT);
    for (int point = 0; point < points; point++) {
      double rate = firstRate * schedule.factor(point, points);
      Scores training = Scores.UNDEFINED;
      norms = 0;
      batches = 0;
      for (int epoch = 0; epoch < epochs; epoch++) {
        training = runEpoch(rate);
      }
      curve.point((point + 1L) * epochs * trainRows.length, rate, norms / batches, training, validation(), test());
    }
  }

  Scores validation() {
    return evaluate(validationRows, validationTargets);
  }

  Scores test() {
    return evaluate(testRows, testTargets);
  }

  int rows() {
    return trainRows.length;
  }

  Network network() {
    return network;
  }

  int batchSize() {
    return batchSize;
  }

  void setBatchSize(int size) {
    batchSize = size;
  }

  /** Trains the lowest layers no further. */
  void freeze(int layers) {
    network.freeze(layers);
    firstTrained = network.offset(layers);
  }

  /** Returns how well the rows were answered while they were learnt, as trainers log it. */
  Scores runEpoch(double rate) {
    Scores.Sum sum = new Scores.Sum();
    int[] order = Seeds.permutation(trainRows.length, random);
    for (int start = 0; start < order.length && alive; start += batchSize) {
      int end = Math.min(start + batchSize, order.length);
      network.clearGradient();
      for (int i = start; i < end; i++) {
        double[] row = trainRows[order[i]];
        double target = trainTargets[order[i]];
        double[] answer = network.forward(row);
        add(answer, target, sum);
        differentiate(answer, target, 1.0 / (end - start));
        network.backward(row, delta);
      }
      step(rate);
    }
    // A weight that has become NaN or infinite never recovers, so there is nothing left to compute.
    return alive ? result(sum) : Scores.UNDEFINED;
  }

  private void step(double rate) {
    double norm = network.gradientNorm();
    alive = Double.isFinite(norm);
    if (!alive) {
      return;
    }
    norms += norm;
    batches++;
    double limit = settings.real(CLIP_NORM);
    if (limit > 0 && norm > limit) {
      double[] gradient = network.gradient();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= limit / norm;
      }
    }
    optimizer.step(network.weights(), network.gradient(), rate, firstTrained);
  }

  /** Sets the derivative of a row's loss by each output, times the row's weight. */
  private void differentiate(double[] answer, double target, double weight) {
    if (classes == 0) {
      double error = answer[0] - target;
      // Huber's loss has the squared one's derivative, cut at 1 on either side.
      delta[0] = weight * (squared ? error : Math.max(-1, Math.min(error, 1)));
    } else if (squared) {
      for (int j = 0; j < delta.length; j++) {
        delta[j] = 2 * weight * (answer[j] - (j == (int) target ? 1 : 0));
      }
    } else {
      double highest = answer[0];
      for (double value : answer) {
        highest = Math.max(highest, value);
      }
      double sum = 0;
      for (int j = 0; j < delta.length; j++) {
        delta[j] = StrictMath.exp(answer[j] - highest);
        sum += delta[j];
      }
      for (int j = 0; j < delta.length; j++) {
        delta[j] = weight * (delta[j] / sum - (j == (int) target ? 1 : 0));
      }
    }
  }

  private Scores evaluate(double[][] rows, double[] targets) {
    if (!alive) {
      return Scores.UNDEFINED;
    }
    Scores.Sum sum = new Scores.Sum();
    for (int i = 0; i < rows.length; i++) {
      add(network.forward(rows[i]), targets[i], sum);
    }
    return result(sum);
  }

  private void add(double[] answer, double target, Scores.Sum sum) {
    if (classes > 0) {
      sum.addClass(answer, (int) target);
    } else {
      sum.addNumber(answer[0], target);
    }
  }

  private Scores result(Scores.Sum sum) {
    return classes > 0 ? sum.ofClasses() : sum.ofNumbers();
  }
}
