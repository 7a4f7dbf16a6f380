package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativeDropTest {
  @ParameterizedTest(name = "{0} -> stops at {3}: more than {1}, {2} in a row")
  @CsvSource(delimiter = '|', textBlock = """
      0 4 3 2 1           | 0.25 | 1 | 4
      0 4 3 2 1           | 0.25 | 2 | 5
      0 4 2 4 2 4         | 0.25 | 2 | 0
      0 4 2 NaN 2         | 0.25 | 2 | 5
      0 4 2 Infinity 2    | 0.25 | 2 | 5
      0 4 -Infinity       | 0.9  | 1 | 3
      NaN NaN NaN         | 0    | 1 | 0
      1 1 1 1             | 0    | 1 | 0
      -Infinity 1 1       | 0.5  | 1 | 0
      1 0.999             | 0.9  | 1 | 2
      100 104 103 102 101 | 0.25 | 1 | 4
      """)
  void observe_stopsFarFromTheBest(String curve, double share, int points, int expected) {
    assertEquals(expected, Watching.stopOf(new RelativeDrop(share, points), Watching.curve(curve)));
  }

  @Test
  void observe_stop_saysHowFar() {
    assertEquals(
        new Decision.Stop(
            "drop(0.25 of span, 2 in a row)",
            "2 points in a row are far from the best, 4.000; the last, 1.000, by 0.7500 of the span"),
        Watching.firstStop(new RelativeDrop(0.25, 2), Watching.RUN, 0, 4, 2, 1));
  }

  @Test
  void new_wrongConfiguration_namesIt() {
    var share = assertThrows(IllegalArgumentException.class, () -> new RelativeDrop(1, 1));
    assertEquals("drop must be a share of the span of at least 0 and below 1, but was 1.0", share.getMessage());
    var points = assertThrows(IllegalArgumentException.class, () -> new RelativeDrop(0.1, 0));
    assertEquals("a drop must last at least 1 point, but was asked to last 0", points.getMessage());
  }
}
