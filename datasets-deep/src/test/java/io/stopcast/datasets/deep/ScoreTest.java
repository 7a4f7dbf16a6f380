package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import java.nio.LongBuffer;
import org.junit.jupiter.api.Test;

class ScoreTest {
  /** Two examples of two targets, of which the second example's last is not asked. */
  private static final Batch BATCH =
      new Batch(LongBuffer.allocate(2), new Shape(2, 1), new int[] {0, 1, 0, Batch.UNASKED}, 2);

  @Test
  void of_countsAskedTargetsAndWholeExamples() {
    float three = (float) Math.log(3); // three times as probable: 3/4 and 1/4
    float[] scores = {three, 0, three, 0, three, 0, 0, three};

    Score score = Score.of(scores, 2, BATCH);

    assertEquals((Math.log(4 / 3.0) + Math.log(4) + Math.log(4 / 3.0)) / 3, score.loss(), 1e-6);
    assertEquals(2 / 3.0, score.accuracy());
    assertEquals(0.5, score.exact());
  }

  @Test
  void of_notANumber_isUndefined() {
    assertEquals(Score.UNDEFINED, Score.of(new float[] {Float.NaN, 0, 1, 0, 1, 0, 1, 0}, 2, BATCH));
  }
}
