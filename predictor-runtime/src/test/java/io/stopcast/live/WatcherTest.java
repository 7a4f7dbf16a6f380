package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelFiles;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatcherTest {
  private static final RunContext RUN = LiveRuns.context("a");

  private final List<String> warnings = new ArrayList<>();
  private final Guard guard = new Guard(StopPolicy.NEVER, warnings::add);
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  @TempDir private Path folder;

  private static void publish(Path registry, String version, byte[] model) throws Exception {
    Path place = Files.createDirectories(registry.resolve("versions").resolve(version));
    Files.write(place.resolve("model.onnx"), model);
    String sha256 = ModelFile.read(model, "test").sha256();
    Files.writeString(
        place.resolve("manifest.json"), "{\n  \"format\" : 1,\n  \"sha256\" : \"%s\"\n}".formatted(sha256));
  }

  /** A model that says which version it is by its score. */
  private StopModel numbered(String version) {
    opened.incrementAndGet();
    return new FakeModel(margin(version), 0, closed::incrementAndGet);
  }

  private static float margin(String version) {
    return -Integer.parseInt(version) / 1024f;
  }

  private static void observe(GuardedWatch watch, int from, int to) {
    for (int i = from; i <= to; i++) {
      watch.observe(Step.of(i, i, "val_accuracy", i));
    }
  }

  @Test
  void of_file_decidesAsItsPolicy() throws Exception {
    Path file = Files.write(folder.resolve("model.onnx"), ModelFiles.random(1));
    StopPolicy policy = LearnedPolicy.of(ModelFile.read(file), .1);
    try (Watcher watcher = Watcher.of(file, .1)) {
      assertFalse(watcher.refresh());
      for (int seed = 0; seed < 20; seed++) {
        List<Step> steps = LiveRuns.steps(seed, 40);
        List<Decision> expected = LiveRuns.clean(policy, RUN, steps);
        GuardedWatch watch = watcher.watch(RUN);
        for (int i = 0; i < steps.size(); i++) {
          if (i == 20) {
            watch = watcher.resume(RUN, watch.snapshot());
          }
          assertEquals(expected.get(i), watch.observe(steps.get(i)));
        }
      }
    }
  }

  @Test
  void following_alias_usesWhatItNamesForNewRuns() throws Exception {
    publish(folder, "0001", ModelFiles.random(1));
    publish(folder, "0002", ModelFiles.random(2));
    Files.writeString(folder.resolve("champion"), "0001\n");
    Watcher watcher = Watcher.following(folder, "champion", .1, guard);
    GuardedWatch first = watcher.watch(RUN);
    observe(first, 1, 5);
    byte[] snapshot = first.snapshot();
    Files.writeString(folder.resolve("champion"), "0002\n");
    assertEquals(Optional.of("0001"), watcher.modelVersion());
    assertTrue(watcher.refresh());
    assertFalse(watcher.refresh());
    assertEquals(Optional.of("0002"), watcher.watch(RUN).modelVersion());
    assertEquals(Optional.of("0001"), first.modelVersion());
    observe(first, 6, 9);

    GuardedWatch resumed = Watcher.following(folder, "champion", .1, guard).resume(RUN, snapshot);
    assertEquals(Optional.of("0001"), resumed.modelVersion(), "a run keeps its model, wherever it goes on");
    observe(resumed, 6, 9);
    assertEquals(first.score(), resumed.score());
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no such version", "not a version", "bytes that no manifest vouches for", "no model", "empty alias"})
  void refresh_modelThatCannotBeUsed_leavesTheOldOneAndIsToldOnce(String what) throws Exception {
    publish(folder, "0001", ModelFiles.random(1));
    Files.writeString(folder.resolve("champion"), "0001\n");
    Watcher watcher = Watcher.following(folder, "champion", .1, guard);
    publish(folder, "0002", ModelFiles.random(2));
    Path model = folder.resolve("versions/0002/model.onnx");
    String alias = "0002";
    switch (what) {
      case "no such version" -> alias = "0003";
      case "not a version" -> alias = "../0001";
      case "bytes that no manifest vouches for" -> Files.write(model, ModelFiles.random(3));
      case "no model" -> Files.delete(model);
      default -> alias = "";
    }
    Files.writeString(folder.resolve("champion"), alias);
    for (int i = 0; i < 3; i++) {
      assertFalse(watcher.refresh());
    }
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).startsWith("W-RT-002 no new model: "), warnings.get(0));
    assertTrue(warnings.get(0).endsWith(". Model 0001 stays in use."), warnings.get(0));
    observe(watcher.watch(RUN), 1, 5);
    Files.write(model, ModelFiles.random(2));
    Files.writeString(folder.resolve("champion"), "0002");
    assertTrue(watcher.refresh());
    assertEquals(1, watcher.counts().faults());
  }

  @Test
  void following_nothingThere_failsAtOnce() {
    assertThrows(IOException.class, () -> Watcher.following(folder, "champion", .1));
    assertThrows(ModelRejectedException.class, () -> Watcher.of(folder.resolve("none.onnx"), .1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Watcher.following(folder, "../champion", .1));
    assertEquals("an alias is a name such as champion, but was \"../champion\"", e.getMessage());
  }

  @Test
  void close_lastRunOfAModel_closesIt() throws Exception {
    FakeSource source = new FakeSource(this::numbered);
    Watcher watcher = new Watcher(source, guard, System::nanoTime);
    GuardedWatch one = watcher.watch(RUN);
    GuardedWatch two = watcher.watch(RUN);
    source.version = "0002";
    assertTrue(watcher.refresh());
    assertEquals(0, closed.get());
    one.close();
    one.close();
    assertEquals(0, closed.get(), "the other run still needs it");
    two.close();
    assertEquals(1, closed.get());
    GuardedWatch three = watcher.watch(RUN);
    watcher.close();
    watcher.close();
    assertEquals(1, closed.get());
    observe(three, 1, 5);
    assertFalse(three.hasFallenBack());
    three.close();
    assertEquals(2, closed.get());
    GuardedWatch none = watcher.watch(RUN);
    assertTrue(none.hasFallenBack());
    assertEquals(Optional.empty(), none.modelVersion());
    assertFalse(watcher.refresh());
    assertEquals(0, watcher.modelsHeld());
  }

  @Test
  void refresh_aliasGoesBackToAModelInUse_sharesIt() throws Exception {
    FakeSource source = new FakeSource(this::numbered);
    Watcher watcher = new Watcher(source, guard, System::nanoTime);
    GuardedWatch old = watcher.watch(RUN);
    source.version = "0002";
    assertTrue(watcher.refresh());
    source.version = "0001";
    assertTrue(watcher.refresh());
    assertEquals(1, watcher.modelsHeld());
    observe(old, 1, 5);
    assertFalse(old.hasFallenBack());
    old.close();
    watcher.close();
    assertEquals(opened.get(), closed.get());
  }
}
