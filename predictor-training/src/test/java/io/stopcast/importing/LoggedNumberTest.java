package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedNumberTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1", "-0.5, -0.5", "1e-7, 1e-7", "+2.5E+3, 2500", ".5, 0.5", "nan, NaN", "NaN, NaN", "-nan, NaN",
    "1.#QNAN, NaN", "-1.#IND, NaN", "inf, Infinity", "-inf, -Infinity", "+Inf, Infinity", "Infinity, Infinity", "-Infinity, -Infinity",
    "1.#INF, Infinity", "-1.#INF, -Infinity", ".inf, Infinity"
  })
  void parse_anySpelling(String text, double value) {
    assertEquals(value, LoggedNumber.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1d", "0x1p3", "1,5", "1 2", "[1, 2]", "tensor(1.)", "--1", "e", "1e", "NA"})
  void parse_otherText_fails(String text) {
    assertThrows(NumberFormatException.class, () -> LoggedNumber.parse(text));
  }

  @Test
  void parse_longerThanAnyNumber_fails() {
    assertThrows(NumberFormatException.class, () -> LoggedNumber.parse("1".repeat(65)));
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "3.0, 3", "2e2, 200", "-1, -1"})
  void parseWhole_alsoWithAPoint(String text, long value) {
    assertEquals(value, LoggedNumber.parseWhole(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "nan", "1e300", "x"})
  void parseWhole_noWholeNumber_fails(String text) {
    assertThrows(NumberFormatException.class, () -> LoggedNumber.parseWhole(text));
  }

  @Test
  void isAbsent_emptyAndNa_notNaN() {
    assertTrue(LoggedNumber.isAbsent(""));
    assertTrue(LoggedNumber.isAbsent("NA"));
    assertTrue(LoggedNumber.isAbsent("null"));
    assertFalse(LoggedNumber.isAbsent("nan"));
    assertFalse(LoggedNumber.isAbsent("0"));
  }
}
