package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/advice.md says is what the kept runs come to. */
class AdviceDocTest {
  private static final Path RUNS = Path.of("..", "datasets-advice", "advice.jsonl.gz");

  @Test
  void tables_areThoseOfTheRuns() throws IOException {
    String doc = Files.readString(Path.of("..", "docs", "advice.md"));
    List<Run> runs = HistoryFile.runs(RUNS);
    for (String table : new AdviceTable(runs).markdown().split("\n\n")) {
      assertTrue(doc.contains(table.strip()), table);
    }
  }

  @Test
  void runs_everyTaskAndSeed_haveAllArms() throws IOException {
    List<Run> runs = HistoryFile.runs(RUNS);
    var bySeed =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    run -> run.context().task() + " " + run.context().parameters().get(AdviceTraining.SEED),
                    Collectors.counting()));
    bySeed.forEach((seed, count) -> assertEquals(12, count, seed));
    assertEquals(0, bySeed.size() % 10, "ten seeds each");
    assertTrue(bySeed.size() >= 100, "at least ten tasks");
  }
}
