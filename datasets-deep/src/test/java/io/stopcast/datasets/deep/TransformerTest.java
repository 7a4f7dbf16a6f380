package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransformerTest {
  private static final Transformer NETWORK = new Transformer(5, 6, 3, 8, 2, 2);
  private static final float[] WEIGHTS = NETWORK.layout().draw(new Random(1));

  private static float[] scores(long... tokens) {
    try (NDManager manager = Torch.ENGINE.newBaseManager()) {
      NDArray inputs = manager.create(tokens, new Shape(tokens.length / 6, 6));
      NDArray scores = NETWORK.scores(NETWORK.layout().split(manager.create(WEIGHTS)), inputs);
      assertEquals(new Shape(tokens.length / 6, 3, 5), scores.getShape());
      return scores.toFloatArray();
    }
  }

  private static float[] gradient(Runnable beforeBackward) {
    try (NDManager manager = Torch.ENGINE.newBaseManager();
        GradientCollector collector = Torch.ENGINE.newGradientCollector()) {
      NDArray flat = manager.create(WEIGHTS);
      flat.setRequiresGradient(true);
      NDArray inputs = manager.create(new long[] {1, 2, 3, 4, 0, 1}, new Shape(1, 6));
      NDArray sum = NETWORK.scores(NETWORK.layout().split(flat), inputs).logSoftmax(-1).square().sum();
      beforeBackward.run();
      collector.backward(sum);
      return flat.getGradient().toFloatArray();
    }
  }

  @Test
  void scores_doNotDependOnLaterTokens() {
    float[] some = scores(1, 2, 3, 4, 0, 1);
    float[] other = scores(1, 2, 3, 4, 2, 1);

    assertArrayEquals(Arrays.copyOf(some, 5), Arrays.copyOf(other, 5), 1e-6f); // at token 3, before the change
    assertNotEquals(some[5 + 5], other[5 + 5], 1e-4f);
  }

  @Test
  void scores_doNotDependOnOtherSequences() {
    float[] two = scores(1, 2, 3, 4, 0, 1, 4, 4, 3, 3, 2, 2);

    assertArrayEquals(scores(4, 4, 3, 3, 2, 2), Arrays.copyOfRange(two, 15, 30), 1e-5f);
  }

  /** What the engine needs for the gradient must not be Java's to collect; see the scale of attention. */
  @Test
  void gradient_garbageCollectedMeanwhile_isTheSame() {
    float[] expected = gradient(() -> {});
    List<ByteBuffer> others = new ArrayList<>();

    for (int i = 0; i < 20; i++) {
      assertArrayEquals(
          expected,
          gradient(
              () -> {
                System.gc();
                for (int j = 0; j < 500; j++) {
                  others.add(ByteBuffer.allocateDirect(4)); // where freed numbers lay
                }
              }));
    }
  }
}
