package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalDouble;
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
    "mean 0.0001, exceeding 0.5 0.5, false",
    "mean 0.01 early 0.5, mean 0.02, true",
    "mean 0.01 early 0.5, mean 0.02 early 0.5, true",
    "mean 0.01 early 0.5, mean 0.001, false",
    "mean 0.01 early 0.5, mean 0.02 early 0.6, false",
    "mean 0.01, mean 0.01 early 0.5, false",
    "exceeding 0.02 0.1, exceeding 0.02 0.1 early 1.0, false"
  })
  void covers_sameFormNoLooser(String one, String other, boolean covers) {
    assertEquals(covers, RegretLimit.parse(one).covers(RegretLimit.parse(other)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exceeding 0.02 0.1", "exceeding 0.0 1.0E-4", "mean 0.01", "mean 0.01 early 0.5", "exceeding 0.02 0.1 early 1.0"})
  void format_readsBack(String text) {
    assertEquals(text, RegretLimit.parse(text).format());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "mean", "mean 0", "mean 1", "mean NaN", "mean -0.1", "mean 0.1 0.1", "exceeding 0.1", "exceeding 1 0.1", "exceeding 0.1 0",
        "exceeding 0.1 1", "exceeding  0.1 0.1", "mean 0x1p-3", "most 0.1", "mean 0.1\n",
        "mean 0.1 early", "mean 0.1 early ", "mean 0.1 early 0", "mean 0.1 early 1.5", "early 0.5", " early 0.5", "mean 0.1 early 0.5 early 0.5"
      })
  void parse_anythingElse_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> RegretLimit.parse(text));
  }

  @Test
  void toString_isForPeople() {
    assertEquals("P(regret > 0.02) <= 0.1", new RegretLimit.Exceeding(.02, .1).toString());
    assertEquals("mean regret <= 0.01", new RegretLimit.Mean(.01).toString());
    assertEquals(
        "mean regret <= 0.01 (also among runs stopped before 0.5 of their cost)",
        new RegretLimit.AlsoEarly(new RegretLimit.Mean(.01), .5).toString());
  }

  @Test
  void counted_andMost_areWhatIsLimited() {
    RegretLimit exceeding = new RegretLimit.Exceeding(.02, .1);
    RegretLimit mean = new RegretLimit.Mean(.01);
    for (RegretLimit limit : new RegretLimit[] {exceeding, new RegretLimit.AlsoEarly(exceeding, .5)}) {
      assertEquals(0, limit.counted(.02));
      assertEquals(1, limit.counted(.021));
      assertEquals(.1, limit.most());
      assertEquals(exceeding, limit.overall());
    }
    assertEquals(.3, new RegretLimit.AlsoEarly(mean, 1).counted(.3));
    assertEquals(.01, new RegretLimit.AlsoEarly(mean, 1).most());
    assertEquals(OptionalDouble.of(1), new RegretLimit.AlsoEarly(mean, 1).early());
    assertEquals(OptionalDouble.empty(), mean.early());
  }

  @Test
  void constructor_nonsense_saysWhatWouldBeRight() {
    assertEquals(
        "the share of runs that may have more regret must be above 0 and below 1, such as 0.1, but was 1.0",
        assertThrows(IllegalArgumentException.class, () -> new RegretLimit.Exceeding(.02, 1)).getMessage());
    assertEquals(
        "the mean regret must be above 0 and below 1, such as 0.01, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> new RegretLimit.Mean(Double.NaN)).getMessage());
    RegretLimit early = new RegretLimit.AlsoEarly(new RegretLimit.Mean(.01), .5);
    assertEquals(
        "the share of its cost before which a stop is early must be above 0 and at most 1, such as 0.5, but was 1.5",
        assertThrows(IllegalArgumentException.class, () -> new RegretLimit.AlsoEarly(new RegretLimit.Mean(.01), 1.5)).getMessage());
    assertEquals(
        "one limit is for all runs and for early stops, so that it cannot be of both again: mean regret <= 0.01 (also among runs stopped"
            + " before 0.5 of their cost)",
        assertThrows(IllegalArgumentException.class, () -> new RegretLimit.AlsoEarly(early, .5)).getMessage());
  }
}
