package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartTest {
  @Test
  void read_development_keepsAboutAFifthBack_byName() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(2, 500, 1));
    List<ScoredRun> kept = Part.DEVELOPMENT.read(runs);

    assertEquals(runs, Part.ALL.read(runs));
    assertTrue(kept.size() > 700 && kept.size() < 900, kept.size() + " of 1000");
    List<String> names = new ArrayList<>();
    kept.forEach(run -> names.add(run.task().task().equals("test/data0") ? run.run().context().run() : null));
    for (ScoredRun run : kept) {
      assertTrue(names.contains(run.run().context().run()), "the same names in every task");
    }
  }

  @Test
  void holds_untouched_isTheRest_andReadsAll() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(2, 50, 1));

    assertEquals(runs, Part.UNTOUCHED.read(runs));
    for (ScoredRun run : runs) {
      assertTrue(Part.UNTOUCHED.holds(run) != Part.DEVELOPMENT.holds(run));
    }
  }

  @Test
  void of_unknownWord_namesThoseThatAre() {
    assertEquals(
        "there is no part 'test'; there are [all, development, untouched]",
        assertThrows(IllegalArgumentException.class, () -> Part.of("test")).getMessage());
  }
}
