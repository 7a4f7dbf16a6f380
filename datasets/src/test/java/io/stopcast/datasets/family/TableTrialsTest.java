package io.stopcast.datasets.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.policy.Advice;
import io.stopcast.run.Run;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Trainings that may be changed, on a small table that is made on the spot. */
class TableTrialsTest {
  private static final int EPOCHS = 20;

  private static Split split(Question question) {
    Random random = new Random(3);
    double[][] features = new double[300][4];
    double[] targets = new double[300];
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < 4; j++) {
        features[i][j] = random.nextGaussian();
      }
      double signal = 3 * (features[i][0] - features[i][1]) + 0.5 * random.nextGaussian();
      targets[i] = question.isRegression() ? signal : signal > 0 ? 1 : 0;
    }
    TableSource source = new TableSource("toy", "none", question, (self, root) -> null);
    return Split.of(new Table(source, features, targets, question.isRegression() ? 0 : 2), 1);
  }

  /** With nothing changed it is the training of the shipped histories. */
  @Test
  void epoch_unchanged_trainsAsTheFamiliesDo() throws IOException {
    for (TrialTask task : List.of(TableTrials.boosting(split(Question.LOGLOSS)), TableTrials.perceptron(split(Question.LOGLOSS)))) {
      boolean isTrees = task.name().startsWith("boosting");
      Settings settings = new Settings(task.parameters()).with(Settings.POINTS, (long) EPOCHS);
      settings =
          settings
              .with("learning_rate", task.rate(5))
              .with("schedule", "constant")
              .with(Settings.LABEL_NOISE, 0.0)
              .with(NetworkFit.EPOCHS_PER_POINT, 1L);
      TableTrainer trainer = isTrees ? new Boosting() : new Perceptron();
      Run run = TableFamily.train(trainer, split(Question.LOGLOSS), new RunPlan(task.name(), "001", 5, settings));
      try (Trainee trainee = task.start(5)) {
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
          Trainee.Report report = trainee.epoch(task.rate(5));
          assertEquals(run.steps().get(epoch).value("val_logloss"), report.values()[0], task.name() + " " + epoch);
          assertEquals(run.steps().get(epoch).value("train_loss"), report.values()[1], task.name() + " " + epoch);
          assertEquals(run.labels().get("test_logloss")[epoch], report.test(), task.name() + " " + epoch);
          assertEquals((epoch + 1) * task.plannedCost() / task.epochs(), report.cost(), 1e-9);
        }
      }
    }
  }

  @Test
  void epoch_lowerRate_changesTheNextEpoch() throws IOException {
    TrialTask task = TableTrials.boosting(split(Question.RMSE));
    try (Trainee one = task.start(1); Trainee other = task.start(1)) {
      assertEquals(one.epoch(0.3).values()[0], other.epoch(0.3).values()[0]);
      assertTrue(one.epoch(0.3).values()[1] < other.epoch(0.001).values()[1], "the smaller step learns less of the training rows");
      assertFalse(one.take(new Advice.FreezeLayers(1)) || one.take(new Advice.ScaleBatch(2)));
    }
  }

  @Test
  void take_frozenLayers_stayAndCostLess() throws IOException {
    TrialTask task = TableTrials.perceptron(split(Question.RMSE));
    assertEquals(List.of("val_rmse", "train_loss", "layer_change_1", "layer_change_2", "layer_change_3"), task.signals());
    try (Trainee trainee = task.start(1)) {
      Trainee.Report before = trainee.epoch(0.01);
      assertTrue(before.values()[2] > 0 && before.values()[3] > 0);
      assertTrue(trainee.take(new Advice.FreezeLayers(1)));
      Trainee.Report after = trainee.epoch(0.01);
      assertEquals(0, after.values()[2]);
      assertTrue(after.values()[3] > 0 && after.values()[4] > 0);
      // 4 x 32 weights and 32 biases of 160 + 1056 + 33
      assertEquals(before.cost() * (1 + 2 * (1 - 160.0 / 1249)) / 3, after.cost() - before.cost(), 1e-9);
      assertFalse(trainee.take(new Advice.FreezeLayers(3)), "the last one must learn");
      assertFalse(trainee.take(new Advice.ShrinkModel(1)));
    }
  }

  @Test
  void take_largerBatch_isUsedAndBoundedByTheRows() throws IOException {
    TrialTask task = TableTrials.perceptron(split(Question.RMSE));
    try (Trainee one = task.start(1); Trainee other = task.start(1)) {
      assertEquals(32, one.batchSize());
      assertTrue(one.take(new Advice.ScaleBatch(2)));
      assertEquals(64, one.batchSize());
      assertTrue(one.epoch(0.001).values()[0] > other.epoch(0.001).values()[0], "half the updates come less far");
      assertTrue(one.take(new Advice.ScaleBatch(1000)) && one.take(new Advice.ScaleBatch(1e-9)));
      assertEquals(1, one.batchSize());
    }
  }
}
