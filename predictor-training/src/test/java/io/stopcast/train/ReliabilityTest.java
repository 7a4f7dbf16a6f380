package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.history.TaskId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  @Test
  void tally_points_areCountedByWhatWasSaid() {
    Reliability.Tally tally = new Reliability.Tally(Reliability.BINS);
    tally.add(.2, point("a", 4, false));
    tally.add(.9, point("a", 1, true));
    tally.add(.94, point("b", 3, false));
    tally.add(1, point("b", 2, true));
    Reliability reliability = new Reliability(tally.rows("alone", .1));
    assertEquals(
        "alone 0.1 0.9 0.9300 0.2500 0.4000 2\nalone 0.1 0.99 1.0000 1.0000 0.2000 1", reliability.format());
    assertEquals(reliability.format(), Reliability.parse(reliability.format()).format());
    assertEquals(new Reliability(List.of()), Reliability.parse(""));
  }

  @Test
  void parse_anythingElse_isRefused() {
    for (String text : List.of("x", "alone 0.1 0.9 0.93 0.25 0.4", "| 0.1 0.9 0.93 0.25 0.4 2", "alone 0.1 0.9 x 0.25 0.4 2")) {
      assertThrows(IllegalArgumentException.class, () -> Reliability.parse(text), text);
    }
  }

  private static OutlookFitting.Point point(String task, double weight, boolean right) {
    return new OutlookFitting.Point(0, weight, new TaskId("test", task), right, 0, 0);
  }
}
