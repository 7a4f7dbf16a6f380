package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Tables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  @TempDir Path folder;

  private final Family family = TableFamily.all(new Tables(new DebianPackages(Path.of("none")))).get(1);

  @Test
  void finish_claimedRun_isThereForTheNextProcess() throws IOException {
    RunPlan plan = family.plans().get(0);
    byte[] line = "{}\n".getBytes(StandardCharsets.UTF_8);
    try (WorkFolder.Claim claim = new WorkFolder(folder).tryClaim(family, plan)) {
      assertFalse(claim.isFinished());
      claim.finish(line);
    }

    WorkFolder next = new WorkFolder(folder);
    assertTrue(next.isFinished(family, plan));
    assertArrayEquals(line, next.line(family, plan));
    assertEquals(1, next.finishedRuns());
  }

  @Test
  void isFinished_otherSeed_isAnotherRun() throws IOException {
    RunPlan plan = family.plans().get(0);
    WorkFolder work = new WorkFolder(folder);
    try (WorkFolder.Claim claim = work.claim(family, plan)) {
      claim.finish(new byte[0]);
    }

    assertFalse(work.isFinished(family, new RunPlan(plan.task(), plan.run(), plan.seed() + 1, plan.settings())));
  }

  @Test
  void tryClaim_claimThatWasGivenBack_isFree() throws IOException {
    RunPlan plan = family.plans().get(0);
    WorkFolder work = new WorkFolder(folder);
    work.tryClaim(family, plan).close();

    try (WorkFolder.Claim claim = work.tryClaim(family, plan)) {
      assertFalse(claim.isFinished());
    }
  }
}
