package io.stopcast.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Replay;
import io.stopcast.replay.Stop;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A perceptron on a table whose labels are partly wrong, so that later epochs learn them by heart. */
@Tag("deep")
class RealTrainingTest {
  private static final int EPOCHS = 60;

  static ArrayDataset table(NDManager manager, int rows, long seed) {
    Random random = new Random(seed);
    float[][] cells = new float[rows][5];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cells[i].length; j++) {
        cells[i][j] = random.nextFloat() - 0.5f;
      }
      labels[i] = (cells[i][0] + cells[i][1] > 0) == random.nextInt(5) > 0 ? 1 : 0;
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(cells))
        .optLabels(manager.create(labels))
        .setSampling(16, false)
        .build();
  }

  static SequentialBlock perceptron() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(64).build())
        .add(Activation::relu)
        .add(Linear.builder().setUnits(2).build());
  }

  private static void fit(StopListener listener) throws Exception {
    Engine engine = Engine.getEngine("PyTorch");
    engine.setRandomSeed(1);
    try (Model model = Model.newInstance("perceptron", "PyTorch")) {
      model.setBlock(perceptron());
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .addEvaluator(new Accuracy())
              .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.01f)).build())
              .addTrainingListeners(TrainingListener.Defaults.basic())
              .addTrainingListeners(listener);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(16, 5));
        EasyTrain.fit(trainer, EPOCHS, table(trainer.getManager(), 160, 1), table(trainer.getManager(), 160, 2));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"validate_loss, false", "validate_Accuracy, true"})
  void fit_learnedPolicy_stopsWhereReplayOfTheWholeCurveDoes(String metric, boolean maximised) throws Exception {
    StopPolicy policy = LearnedPolicy.of(ModelRegistry.find("champion", Path.of("../../models")), 0.3);
    Objective objective = maximised ? Objective.maximize(metric) : Objective.minimize(metric);
    RunContext run = RunContext.of(objective).withHorizon(Horizon.ofPoints(EPOCHS));
    StopListener whole = new StopListener(run, StopPolicy.NEVER);
    fit(whole);
    assertEquals(EPOCHS, whole.steps().size());
    Stop expected = Replay.of(policy, new Run(run, whole.steps(), End.COMPLETED));
    assertTrue(expected.stopped(), "the table is made so that it pays to stop");

    StopListener listener = new StopListener(run, policy);
    EarlyStoppedException stopped = assertThrows(EarlyStoppedException.class, () -> fit(listener));

    assertEquals(expected.point() + 1, stopped.getStopEpoch());
    assertEquals(expected.reason(), stopped.getMessage());
    assertEquals(whole.steps().subList(0, expected.point() + 1).toString(), listener.steps().toString());
    assertTrue(listener.bestEpoch() > 0 && listener.bestEpoch() <= stopped.getStopEpoch());
  }
}
