package io.stopcast.datasets.demo;

import io.stopcast.datasets.network.Activation;
import io.stopcast.datasets.network.Network;
import io.stopcast.datasets.network.Optimizer;
import io.stopcast.datasets.table.Seeds;
import java.util.Random;

/**
 * A small training that overfits: a network learns to tell three spirals apart from few points, some with the wrong name.
 *
 * <p>Needs no data but its seed; the same seed gives the same bits on every machine. An epoch takes milliseconds. For one thread.
 */
final class SpiralTraining {
  private static final int CLASSES = 3;
  private static final int TRAINING_ROWS = 240;
  private static final int VALIDATION_ROWS = 600;
  private static final double WRONG_NAMES = 0.12;
  private static final double NOISE = 0.18;
  private static final int HIDDEN = 48;
  private static final int BATCH = 16;
  private static final double RATE = 0.004;

  private final double[][] rows = new double[TRAINING_ROWS][];
  private final int[] names = new int[TRAINING_ROWS];
  private final double[][] unseenRows = new double[VALIDATION_ROWS][];
  private final int[] unseenNames = new int[VALIDATION_ROWS];
  private final Network network;
  private final Optimizer optimizer;
  private final Random order;
  private final double[] delta = new double[CLASSES];

  SpiralTraining(long seed) {
    draw(rows, names, WRONG_NAMES, Seeds.random(seed, "training rows"));
    draw(unseenRows, unseenNames, 0, Seeds.random(seed, "validation rows"));
    network = new Network(new int[] {2, HIDDEN, HIDDEN, CLASSES}, Activation.RELU, 1, Seeds.random(seed, "weights"));
    optimizer = new Optimizer("adam", 0, 0.999, network.weights().length);
    order = Seeds.random(seed, "order of rows");
  }

  private static void draw(double[][] rows, int[] names, double wrong, Random random) {
    for (int i = 0; i < rows.length; i++) {
      int name = i % CLASSES;
      double along = random.nextDouble();
      double angle = 2 * Math.PI * name / CLASSES + 4 * along + NOISE * random.nextGaussian();
      rows[i] = new double[] {2 * along * StrictMath.cos(angle), 2 * along * StrictMath.sin(angle)};
      names[i] = random.nextDouble() < wrong ? random.nextInt(CLASSES) : name;
    }
  }

  /** How many rows an epoch trains on. */
  int rowsAnEpoch() {
    return TRAINING_ROWS;
  }

  /** Trains one epoch; returns the mean loss of its rows as they were learnt, in nats. */
  double epoch() {
    int[] shuffled = Seeds.permutation(TRAINING_ROWS, order);
    double sum = 0;
    for (int start = 0; start < TRAINING_ROWS; start += BATCH) {
      network.clearGradient();
      for (int i = start; i < start + BATCH; i++) {
        sum += loss(rows[shuffled[i]], names[shuffled[i]]);
        for (int c = 0; c < CLASSES; c++) {
          delta[c] = (delta[c] - (c == names[shuffled[i]] ? 1 : 0)) / BATCH;
        }
        network.backward(rows[shuffled[i]], delta);
      }
      optimizer.step(network.weights(), network.gradient(), RATE);
    }
    return sum / TRAINING_ROWS;
  }

  /** The mean loss of rows that were not learnt, in nats. */
  double validate() {
    double sum = 0;
    for (int i = 0; i < VALIDATION_ROWS; i++) {
      sum += loss(unseenRows[i], unseenNames[i]);
    }
    return sum / VALIDATION_ROWS;
  }

  /** Leaves the probabilities in {@link #delta}. */
  private double loss(double[] row, int name) {
    double[] answer = network.forward(row);
    double highest = Math.max(answer[0], Math.max(answer[1], answer[2]));
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      delta[c] = StrictMath.exp(answer[c] - highest);
      sum += delta[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      delta[c] /= sum;
    }
    return -StrictMath.log(Math.max(delta[name], 1e-12));
  }
}
