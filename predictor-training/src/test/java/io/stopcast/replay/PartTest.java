package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartTest {
  @Test
  void of_development_keepsAboutAFifthBack_byName() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(2, 500, 1));
    List<ScoredRun> kept = Part.DEVELOPMENT.of(runs);

    assertEquals(runs, Part.ALL.of(runs));
    assertTrue(kept.size() > 700 && kept.size() < 900, kept.size() + " of 1000");
    List<String> names = new ArrayList<>();
    kept.forEach(run -> names.add(run.task().task().equals("test/data0") ? run.run().context().run() : null));
    for (ScoredRun run : kept) {
      assertTrue(names.contains(run.run().context().run()), "the same names in every task");
    }
  }

  @Test
  void of_unknownWord_namesThoseThatAre() {
    assertEquals(
        "there is no part 'test'; there are [all, development]",
        assertThrows(IllegalArgumentException.class, () -> Part.of("test")).getMessage());
  }
}
