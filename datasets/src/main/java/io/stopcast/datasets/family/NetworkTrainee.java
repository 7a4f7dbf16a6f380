package io.stopcast.datasets.family;

import io.stopcast.datasets.network.Network;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.policy.Advice;

/**
 * Our own perceptron, whose batch size may change and whose lower layers may be frozen.
 *
 * <p>An example costs 1 in the forward pass and 2 in the backward pass of all weights, in thirds; a frozen weight saves its share of the
 * latter. How much a layer changes in an epoch is the distance that its weights went, over their length.
 */
final class NetworkTrainee implements Trainee {
  private final NetworkFit fit;
  private final Question question;
  private int frozen;
  private double cost;

  NetworkTrainee(Split split, Split.Rows training, Settings settings, int seed) {
    fit = new NetworkFit(split, training, settings, seed);
    question = split.table().source().question();
  }

  @Override
  public Report epoch(double rate) {
    Network network = fit.network();
    double[] before = network.weights().clone();
    Scores training = fit.runEpoch(rate);
    double trained = 1 - (double) network.offset(frozen) / before.length;
    cost += fit.rows() * (1 + 2 * trained) / 3;
    double[] values = new double[2 + network.layers()];
    values[0] = Curve.judged(question, fit.validation());
    values[1] = training.loss();
    for (int layer = 0; layer < network.layers(); layer++) {
      values[2 + layer] = change(before, network.weights(), network.offset(layer), network.offset(layer + 1));
    }
    return new Report(cost, Curve.judged(question, fit.test()), values);
  }

  private static double change(double[] before, double[] after, int from, int to) {
    double way = 0;
    double length = 0;
    for (int i = from; i < to; i++) {
      way += (after[i] - before[i]) * (after[i] - before[i]);
      length += after[i] * after[i];
    }
    return Math.sqrt(way / length);
  }

  @Override
  public boolean take(Advice advice) {
    if (advice instanceof Advice.ScaleBatch scale) {
      fit.setBatchSize((int) Math.max(1, Math.min(Math.round(fit.batchSize() * scale.factor()), fit.rows())));
      return true;
    }
    if (advice instanceof Advice.FreezeLayers freeze && freeze.layers() < fit.network().layers()) {
      frozen = freeze.layers();
      fit.freeze(frozen);
      return true;
    }
    return false;
  }

  @Override
  public int batchSize() {
    return fit.batchSize();
  }

  @Override
  public void close() {}
}
