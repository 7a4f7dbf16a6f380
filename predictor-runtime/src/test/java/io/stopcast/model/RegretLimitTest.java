package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegretLimitTest {
  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource({
    "exceeding 0.02 0.1, exceeding 0.02 0.1, true",
    "exceeding 0.02 0.1, exceeding 0.05 0.1, true",
    "exceeding 0.02 0.05, exceeding 0.02 0.1, true",
    "exceeding 0.02 0.1, exceeding 0.01 0.1, false",
    "exceeding 0.02 0.1, exceeding 0.02 0.05, false",
    "exceeding 0.0 0.001, mean 0.5, false",
    "mean 0.01, mean 0.01, true",
    "mean 0.01, mean 0.02, true",
    "mean 0.02, mean 0.01, false",
    "mean 0.0001, exceeding 0.5 0.5, false"
  })
  void covers_sameFormNoLooser(String one, String other, boolean covers) {
    assertEquals(covers, RegretLimit.parse(one).covers(RegretLimit.parse(other)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exceeding 0.02 0.1", "exceeding 0.0 1.0E-4", "mean 0.01"})
  void format_readsBack(String text) {
    assertEquals(text, RegretLimit.parse(text).format());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "mean", "mean 0", "mean 1", "mean NaN", "mean -0.1", "mean 0.1 0.1", "exceeding 0.1", "exceeding 1 0.1", "exceeding 0.1 0",
        "exceeding 0.1 1", "exceeding  0.1 0.1", "mean 0x1p-3", "most 0.1", "mean 0.1\n"
      })
  void parse_anythingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> RegretLimit.parse(text));
  }

  @Test
  void toString_isForPeople() {
    assertEquals("P(regret > 0.02) <= 0.1", new RegretLimit.Exceeding(.02, .1).toString());
    assertEquals("mean regret <= 0.01", new RegretLimit.Mean(.01).toString());
  }

  @Test
  void constructor_nonsense_saysWhatWouldBeRight() {
    assertEquals(
        "the share of runs that may have more regret must be above 0 and below 1, such as 0.1, but was 1.0",
        assertThrows(IllegalArgumentException.class, () -> new RegretLimit.Exceeding(.02, 1)).getMessage());
    assertEquals(
        "the mean regret must be above 0 and below 1, such as 0.01, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> new RegretLimit.Mean(Double.NaN)).getMessage());
  }
}
