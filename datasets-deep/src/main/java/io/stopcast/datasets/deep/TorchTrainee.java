package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.policy.Advice;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/** A network trained by PyTorch, epoch by epoch, in batches whose size may change. */
final class TorchTrainee implements Trainee {
  private final Fit fit;
  private final Function<int[], Batch> examples;
  private final int count;
  private final Batch validation;
  private final Batch test;
  private final boolean byLoss;
  private final Random random;
  private int batchSize;
  private double cost;

  /**
   * @param examples the batch of those training examples
   * @param count how many there are
   * @param byLoss whether log-loss is what counts, not accuracy
   */
  TorchTrainee(
      Network network, Settings settings, int seed, Function<int[], Batch> examples, int count, Batch validation, Batch test, boolean byLoss) {
    this.fit = new Fit(network, settings, seed);
    this.examples = examples;
    this.count = count;
    this.validation = validation;
    this.test = test;
    this.byLoss = byLoss;
    this.random = Seeds.random(seed, "order of rows");
    this.batchSize = settings.whole(Course.BATCH_SIZE);
  }

  @Override
  public Report epoch(double rate) {
    int[] order = Seeds.permutation(count, random);
    double loss = 0;
    for (int start = 0; start < count; start += batchSize) {
      int[] chosen = Arrays.copyOfRange(order, start, Math.min(start + batchSize, count));
      loss += fit.train(examples.apply(chosen), rate).loss() * chosen.length / count;
    }
    cost += count;
    return new Report(cost, judged(fit.examine(test)), judged(fit.examine(validation)), loss);
  }

  private double judged(Score score) {
    return byLoss ? score.loss() : score.accuracy();
  }

  @Override
  public boolean take(Advice advice) {
    if (advice instanceof Advice.ScaleBatch scale) {
      batchSize = (int) Math.max(1, Math.min(Math.round(batchSize * scale.factor()), count));
      return true;
    }
    return false;
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public void close() {
    fit.close();
  }
}
