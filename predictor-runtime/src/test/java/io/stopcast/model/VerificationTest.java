package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private final ModelProto.Builder model = RandomModel.of(2, 3, 2, 1, 1);

  @Test
  void of_goldenRowsThatHold_pass() throws Exception {
    StopModel scorer = RandomModel.file(model).scorer();
    float[][] rows = {{1, Float.NaN}, {-1, Float.NEGATIVE_INFINITY}};
    add(GoldenRows.of(rows, new float[] {scorer.margin(rows[0]), scorer.margin(rows[1])}));
    assertEquals(
        new Verification(2, 12, true, 0, 0, Optional.empty()), Verification.of(RandomModel.file(model), 10, 1));
  }

  @Test
  void of_goldenMarginOneUlpOff_fails() throws Exception {
    float[] row = {1, 2};
    float margin = RandomModel.file(model).scorer().margin(row);
    float off = Math.nextUp(margin);
    add(GoldenRows.of(new float[][] {row}, new float[] {off}));
    Verification verification = Verification.of(RandomModel.file(model), 10, 1);
    assertFalse(verification.passed());
    assertEquals(
        new Verification(
            1,
            11,
            true,
            1,
            (double) off - margin,
            Optional.of("golden row 0, as written: " + off + ", now: " + margin)),
        verification);
  }

  @Test
  void of_noGoldenRowsAndNoRandomOnes_passes() throws Exception {
    assertTrue(Verification.of(RandomModel.file(model), 0, 1).passed());
  }

  private void add(GoldenRows golden) {
    model.addMetadataProps(RandomModel.entry(ModelFile.GOLDEN, golden.format()));
  }
}
