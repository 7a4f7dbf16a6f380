package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberTest {
  private final JsonNumber number = new JsonNumber();

  private boolean read(String text) throws MalformedRecordException {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return number.read(bytes, 1, bytes.length - 1);
  }

  @Test
  void read_anyDouble_givesItsBits() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(1_000_000) / 1000.0;
            case 2 -> random.nextLong(1L << 60);
            default -> random.nextDouble();
          };
      if (Double.isFinite(value)) {
        assertTrue(read(Double.toString(value)));
        assertEquals(Double.doubleToLongBits(value), Double.doubleToLongBits(number.value()), Double.toString(value));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "-0.0, -0.0", "1e5, 100000", "1E+5, 100000", "-12.50e-2, -0.125", "123456789012345678, 123456789012345680", "NaN, NaN",
    "Infinity, Infinity", "-Infinity, -Infinity", "\"NaN\", NaN", "\"Infinity\", Infinity", "1e-400, 0", "0e999999999, 0",
    "0.000000000000000000000000000001, 1e-30"
  })
  void read_everySpelling(String text, double value) throws Exception {
    assertTrue(read(text));
    assertEquals(value, number.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "true", "null", "\"1.5 m\"", "1.", "1e", "1e+", "1d", "0x10", "1 ", "nan", "\"\"", "\"", "[1]"})
  void read_whatIsNone_isNone(String text) throws Exception {
    assertFalse(read(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999", "-1e309", "1111111111111111111111111111111111111111111111111111111111111111111"})
  void read_tooLarge_isRefused(String text) {
    assertThrows(MalformedRecordException.class, () -> read(text));
  }
}
