package io.stopcast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the computer's own disk does what {@link PublishingCrashTest} takes for granted: the JDK tells each fsync as an event of Flight Recorder. */
class DiskTest {
  @TempDir private Path folder;

  /** Does something to a registry; returns what was synced, from the folder on, in order. */
  private List<String> synced(Act act) throws Exception {
    Path told = folder.resolve("told.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
      recording.start();
      act.on(new ModelRegistry(folder.resolve("models")));
      recording.stop();
      recording.dump(told);
    }
    List<String> synced = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(told)) {
      Path path = Path.of(event.getString("path"));
      if (event.getEventType().getName().equals("jdk.FileForce") && path.startsWith(folder)) {
        assertTrue(event.getBoolean("metaData"), "a file's length is of its metadata");
        synced.add(folder.relativize(path).toString());
      }
    }
    return synced;
  }

  private interface Act {
    void on(ModelRegistry registry) throws IOException;
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(ModelRegistry.MODEL, "one".getBytes(StandardCharsets.UTF_8));
    files.put(ModelRegistry.PIPELINE, "two".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  @Test
  void publishThenPromote_syncEveryFileAndFolder() throws Exception {
    assertEquals(
        List.of(
            "", // the name of models
            "models", // the name of versions
            "models/versions", // what a killed writer may have left
            "models/versions/.draft-0001/model.onnx",
            "models/versions/.draft-0001/pipeline.onnx",
            "models/versions/.draft-0001/manifest.json",
            "models/versions/.draft-0001",
            "models/versions",
            "models/.draft-.pending",
            "models",
            "models/.draft-history.jsonl",
            "models/.draft-challenger",
            "models"),
        synced(
            registry -> {
              try (RegistryWriter writer = registry.writer()) {
                writer.publish(files(), "schema", "first", Map.of());
              }
            }));
    assertEquals(
        List.of("models/versions", "models/.draft-.pending", "models", "models/.draft-history.jsonl", "models/.draft-champion", "models"),
        synced(
            registry -> {
              try (RegistryWriter writer = registry.writer()) {
                writer.promote("0001", "none before", Map.of());
              }
            }));
  }

  @Test
  void make_newFolders_areThereForGood() throws Exception {
    assertEquals(List.of(""), synced(ModelRegistry::make));
    assertEquals(List.of(), synced(ModelRegistry::make));
  }

  @Test
  void make_linkToAFolder_isTakenAsItIs() throws Exception {
    Files.createSymbolicLink(folder.resolve("models"), Files.createDirectory(folder.resolve("elsewhere")));
    assertEquals(List.of(), synced(ModelRegistry::make));
  }

  @Test
  void sync_whatIsNotThere_isNoSuccess() {
    assertThrows(NoSuchFileException.class, () -> Disk.REAL.sync(folder.resolve("none")));
  }
}
