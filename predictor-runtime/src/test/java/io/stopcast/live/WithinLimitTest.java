package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelFiles;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live runs that are watched within a limit on the regret instead of at a price. */
class WithinLimitTest {
  private static final RegretLimit LIMIT = new RegretLimit.Mean(.01);
  private static final String PROMISE = "1\ntask 0.9 300 mean 0.01\n0.1 0.5\n0.3 0.55\n";
  private static final RunContext RUN = LiveRuns.context("a");

  @TempDir private Path folder;

  private Path model(byte[] bytes) throws Exception {
    return Files.write(folder.resolve("model.onnx"), bytes);
  }

  /** Publishes by hand what a registry would. */
  private void publish(String version, byte[] bytes) throws Exception {
    Path versions = Files.createDirectories(folder.resolve("versions").resolve(version));
    Files.write(versions.resolve("model.onnx"), bytes);
    Files.writeString(
        versions.resolve("manifest.json"), "{\"sha256\": \"" + ModelFile.read(bytes, version).sha256() + "\"}");
    Files.writeString(folder.resolve("champion"), version + "\n");
  }

  @Test
  void watch_decidesAsThePolicyWithinTheLimit() throws Exception {
    Path path = model(ModelFiles.promising(5, PROMISE));
    StopPolicy.Watch expected = LearnedPolicy.within(ModelFile.read(path), LIMIT).watch(RUN);
    try (Watcher watcher = Watcher.of(path, LIMIT)) {
      GuardedWatch watch = watcher.watch(RUN);
      for (int t = 1; t < 40; t++) {
        Step step = Step.of(t, t, "val_accuracy", Math.sin(t));
        assertEquals(expected.observe(step).isStop(), watch.observe(step).isStop());
      }
    }
  }

  @Test
  void watch_log_namesLimitAndUnitOnlyIfThereIsOne() throws Exception {
    Path path = model(ModelFiles.promising(5, PROMISE));
    List<String> lines = new ArrayList<>();
    try (Watcher watcher = Watcher.of(path, LIMIT)) {
      watcher.watch(RUN, DecisionLog.shadow(lines::add)).close();
    }
    assertTrue(lines.get(0).endsWith("\"price\":0.3,\"shadow\":true,\"limit\":\"mean 0.01\",\"unit\":\"task\"}"), lines.get(0));
    lines.clear();
    try (Watcher watcher = Watcher.of(path, .3)) {
      watcher.watch(RUN, DecisionLog.shadow(lines::add)).close();
    }
    assertTrue(lines.get(0).endsWith("\"price\":0.3,\"shadow\":true}"), lines.get(0));
  }

  @Test
  void resume_samePriceWithoutTheLimit_isRefused() throws Exception {
    Path path = model(ModelFiles.promising(5, PROMISE));
    try (Watcher within = Watcher.of(path, LIMIT);
        Watcher without = Watcher.of(path, .3)) {
      byte[] snapshot = within.watch(RUN).snapshot();
      within.resume(RUN, snapshot).close();
      assertThrows(SnapshotException.class, () -> without.resume(RUN, snapshot));
    }
  }

  @Test
  void of_modelThatPromisesLess_saysWhatItPromises() throws Exception {
    Path path = model(ModelFiles.promising(5, PROMISE));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Watcher.of(path, new RegretLimit.Mean(.001)));
    assertTrue(e.getMessage().contains("it promises mean regret <= 0.01 for a run of a new task"), e.getMessage());
  }

  @Test
  void refresh_newChampionThatPromisesNothing_leavesTheOldOne() throws Exception {
    publish("0001", ModelFiles.promising(5, PROMISE));
    List<String> warnings = new ArrayList<>();
    Guard guard = new Guard(StopPolicy.NEVER, warnings::add);
    try (Watcher watcher = Watcher.following(folder, "champion", LIMIT, guard)) {
      publish("0002", ModelFiles.random(6));
      assertFalse(watcher.refresh());
      assertTrue(warnings.get(0).contains("it promises nothing"), warnings.toString());
      assertEquals("0001", watcher.modelVersion().orElseThrow());
      publish("0003", ModelFiles.promising(6, PROMISE));
      assertTrue(watcher.refresh());
      assertEquals("0003", watcher.modelVersion().orElseThrow());
    }
  }
}
