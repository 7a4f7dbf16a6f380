package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
  private static Run run(String task, String name, Map<String, Object> parameters) {
    Run run = RecordedRuns.of(task, name, 1, 2, 3);
    RunContext c = run.context();
    return new Run(
        new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), parameters),
        run.steps(),
        run.end());
  }

  private static List<String> groups(Run... runs) {
    List<ScoredRun> scored = ScoredRun.of(List.of(runs));
    Configurations configurations = new Configurations(scored);
    List<String> groups = new ArrayList<>();
    scored.forEach(run -> groups.add(configurations.of(run)));
    return groups;
  }

  @Test
  void of_otherSeed_isTheSameConfiguration() {
    List<String> groups =
        groups(
            run("t", "a", Map.of("rate", 0.1, "random_seed", 1L)),
            run("t", "b", Map.of("rate", 0.1, "random_seed", 2L)),
            run("t", "c", Map.of("rate", 0.2, "random_seed", 1L)));

    assertEquals(groups.get(0), groups.get(1));
    assertNotEquals(groups.get(0), groups.get(2));
  }

  @Test
  void of_startedAtAnotherTime_isTheSameConfiguration() {
    List<String> groups =
        groups(
            run("t", "a", Map.of("rate", 0.1, "started", "2024-01-01")),
            run("t", "b", Map.of("rate", 0.1, "started", "2024-02-01")));

    assertEquals(groups.get(0), groups.get(1));
  }

  @Test
  void of_sameNameInAnotherTask_bringsAllOfBothTogether() {
    List<String> groups =
        groups(
            run("t", "a", Map.of("rate", 0.1)),
            run("u", "a", Map.of("rate", 0.3)),
            run("u", "b", Map.of("rate", 0.3)),
            run("u", "c", Map.of()));

    assertEquals(groups.get(0), groups.get(1));
    assertEquals(groups.get(0), groups.get(2));
    assertNotEquals(groups.get(0), groups.get(3));
  }

  @Test
  void of_nothingButSeeds_isToldByName() {
    List<String> groups = groups(run("t", "a", Map.of("seed", 1L)), run("t", "b", Map.of("seed", 1L)));

    assertNotEquals(groups.get(0), groups.get(1));
  }
}
