package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Loads this package a second time, from its classes alone, so that nothing but the JDK is there. */
class WithoutOnnxRuntimeTest {
  @Test
  void scorer_noOnnxRuntimeOnTheClassPath_scoresTheSame() throws Exception {
    byte[] bytes = RandomModel.of(3, 10, 4, 0.9, 1).build().toByteArray();
    float[] row = {1, Float.NaN, -1};
    float expected = ModelFile.read(bytes, "test.onnx").scorer().margin(row);
    URL classes = ModelFile.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader alone = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      assertThrows(ClassNotFoundException.class, () -> alone.loadClass("ai.onnxruntime.OrtEnvironment"));
      Class<?> type = alone.loadClass(ModelFile.class.getName());
      Object file = type.getMethod("read", byte[].class, String.class).invoke(null, bytes, "test.onnx");
      Object scorer = type.getMethod("scorer").invoke(file);
      Object margin =
          alone.loadClass(StopModel.class.getName()).getMethod("margin", float[].class).invoke(scorer, (Object) row);
      assertEquals(expected, margin);

      Object verification =
          alone
              .loadClass(Verification.class.getName())
              .getMethod("of", type, int.class, long.class)
              .invoke(null, file, 100, 1L);
      assertEquals(new Verification(0, 0, false, 0, 0, Optional.empty()).toString(), verification.toString());
    }
  }
}
