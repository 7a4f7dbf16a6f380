package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.policy.Advice;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On points of a plane whose class is whether both numbers have one sign, which no straight line tells. */
class TorchTraineeTest {
  private static final int POINTS = 64;

  private static Batch batch(int[] chosen) {
    FloatBuffer inputs = FloatBuffer.allocate(2 * chosen.length);
    int[] targets = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      double angle = 2 * Math.PI * (chosen[i] + 0.5) / POINTS;
      inputs.put((float) Math.cos(angle)).put((float) Math.sin(angle));
      targets[i] = Math.cos(angle) * Math.sin(angle) > 0 ? 1 : 0;
    }
    return new Batch(inputs.rewind(), new Shape(chosen.length, 2), targets, chosen.length);
  }

  private static Trainee start(int seed) {
    Settings settings = new Settings(Map.of("optimizer", "adam", "weight_decay", 0.0, "clip", 0.0, Course.BATCH_SIZE, 16L));
    int[] all = new int[POINTS];
    for (int i = 0; i < POINTS; i++) {
      all[i] = i;
    }
    return new TorchTrainee(new Dense(2, 2, 16), settings, seed, TorchTraineeTest::batch, POINTS, batch(all), batch(all), true);
  }

  @Test
  void epoch_severalSteps_learnsAndRepeatsItself() {
    double[][] losses = new double[2][40];
    for (double[] run : losses) {
      try (Trainee trainee = start(1)) {
        for (int epoch = 0; epoch < run.length; epoch++) {
          Trainee.Report report = trainee.epoch(0.02);
          run[epoch] = report.values()[0];
          assertEquals(POINTS * (epoch + 1), report.cost());
        }
      }
    }
    assertTrue(losses[0][39] < 0.2 * losses[0][0], losses[0][0] + " to " + losses[0][39]);
    assertArrayEquals(losses[0], losses[1]);
  }

  @Test
  void take_batchIsScaled_layersAreNotFrozen() {
    try (Trainee trainee = start(1)) {
      assertTrue(trainee.take(new Advice.ScaleBatch(2)));
      assertEquals(32, trainee.batchSize());
      assertTrue(trainee.take(new Advice.ScaleBatch(99)));
      assertEquals(POINTS, trainee.batchSize());
      assertFalse(trainee.take(new Advice.FreezeLayers(1)));
      assertTrue(Double.isFinite(trainee.epoch(0.01).values()[1]));
    }
  }
}
