package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Files that were valid once. Each mutant must be refused with the one exception or score; a sample of those that are
 * accepted must load in ONNX Runtime and score the same there.
 */
class ModelFileMutantsTest {
  private static final int SAMPLE = 150;

  private int accepted;
  private int refused;
  private int sampled;

  @Test
  void read_mutatedBytes_refusesOrScores() throws Exception {
    SplittableRandom random = new SplittableRandom(17);
    byte[] valid = RandomModel.of(4, 6, 3, 0.9, 4).build().toByteArray();
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = valid.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        mutant = mutate(mutant, random);
      }
      check(mutant, i);
    }
    assertTrue(accepted > 500 && refused > 10_000, accepted + " accepted, " + refused + " refused");
    assertEquals(SAMPLE, sampled);
  }

  private static byte[] mutate(byte[] bytes, SplittableRandom random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
      case 3 -> {
        return Arrays.copyOf(bytes, at + 1);
      }
      case 4 -> { // a piece moves elsewhere
        int length = Math.min(1 + random.nextInt(8), bytes.length - at);
        System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
      }
      default -> { // a byte goes
        System.arraycopy(bytes, at + 1, bytes, at, bytes.length - at - 1);
        return Arrays.copyOf(bytes, Math.max(1, bytes.length - 1));
      }
    }
    return bytes;
  }

  @Test
  void read_mutatedLists_refusesOrScores() throws Exception {
    SplittableRandom random = new SplittableRandom(18);
    for (int i = 0; i < 5_000; i++) {
      ModelProto.Builder model = RandomModel.of(4, 3, 3, 0.8, i % 20);
      for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
        mutate(model, random);
      }
      check(model.build().toByteArray(), i);
    }
    assertTrue(accepted > 500 && refused > 1_000, accepted + " accepted, " + refused + " refused");
    assertEquals(SAMPLE, sampled);
  }

  private static void mutate(ModelProto.Builder model, SplittableRandom random) {
    var attributes = model.getGraphBuilder().getNodeBuilder(0).getAttributeBuilderList();
    AttributeProto.Builder attribute = attributes.get(random.nextInt(attributes.size()));
    if (attribute.getIntsCount() > 0) {
      int at = random.nextInt(attribute.getIntsCount());
      long old = attribute.getInts(at);
      attribute.setInts(at, random.nextBoolean() ? random.nextInt(-1, 9) : attribute.getInts(0) + old + 1);
    } else if (attribute.getFloatsCount() > 0) {
      attribute.setFloats(
          random.nextInt(attribute.getFloatsCount()),
          random.nextBoolean() ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextGaussian());
    } else if (attribute.getStringsCount() > 0) {
      attribute.setStrings(
          random.nextInt(attribute.getStringsCount()),
          attribute.getStrings(random.nextInt(attribute.getStringsCount())));
    } else {
      attribute.setI(random.nextInt(3));
    }
  }

  private void check(byte[] mutant, int number) throws Exception {
    ModelFile file;
    try {
      file = ModelFile.read(mutant, "mutant " + number);
    } catch (ModelRejectedException e) {
      refused++;
      return;
    }
    accepted++;
    ProbeRows rows = new ProbeRows(file.ensemble(), new SplittableRandom(number));
    StopModel scorer = file.scorer();
    for (int i = 0; i < 10; i++) {
      float margin = scorer.margin(rows.next());
      assertTrue(Float.isFinite(margin), "mutant " + number + " scores " + margin);
    }
    if (sampled < SAMPLE) {
      sampled++;
      Verification verification = Verification.of(file, 200, number);
      assertEquals(Optional.empty(), verification.failure(), "mutant " + number);
      assertEquals(200, verification.comparedRows());
    }
  }
}
