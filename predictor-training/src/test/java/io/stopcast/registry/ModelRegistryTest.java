package io.stopcast.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {
  @TempDir private Path root;
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = new ModelRegistry(root);
  }

  private static ModelFile train(int seed) {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(3, 6, 1));
    Recipe recipe = new Recipe(3, 2, 0.3, 0.6, 0.8, 1, 1, 8, Integer.MAX_VALUE, 0.3, 0, 0, 10, 10, 1, 2, 0.5, 0.5, seed);
    return new LearnedRecipe(recipe).train(runs, new double[] {0.1}, Map.of());
  }

  private String publish(ModelFile model) throws IOException {
    try (RegistryWriter writer = registry.writer()) {
      return writer.publish(model, "card", Map.of("loss", 0.1), Map.of(RunSet.FILE, "0123\n".getBytes(UTF_8)), "because", Map.of("runs", 18));
    }
  }

  private void promote(String version) throws IOException {
    try (RegistryWriter writer = registry.writer()) {
      writer.promote(version, "better", Map.of());
    }
  }

  private String rollBack() throws IOException {
    try (RegistryWriter writer = registry.writer()) {
      return writer.rollBack("it stops too early");
    }
  }

  @Test
  void publish_thenModel_isTheSame() throws Exception {
    ModelFile model = train(1);
    String version = publish(model);
    assertEquals("0001", version);
    assertEquals(model.sha256(), registry.model(version).sha256());
    assertEquals("card", Files.readString(root.resolve("versions/0001/card.md")));
  }

  @Test
  void publish_pipeline_isVouchedForAndLoads() throws Exception {
    publish(train(1));
    byte[] pipeline = Files.readAllBytes(root.resolve("versions/0001/pipeline.onnx"));
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pipeline));
    String manifest = Files.readString(root.resolve("versions/0001/manifest.json"));
    assertTrue(manifest.contains("\"pipeline_sha256\" : \"" + sha256 + "\""), manifest);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(pipeline)) {
      assertTrue(session.getOutputNames().containsAll(List.of("probability", "threshold", "stop")));
    }
  }

  @Test
  void publish_sameBytes_isNoNewVersion_otherBytesAre() throws IOException {
    assertEquals("0001", publish(train(1)));
    assertEquals("0001", publish(train(1)));
    assertEquals("0002", publish(train(2)));
  }

  @Test
  void publish_leavesNothingButVersions_evenAfterAKilledPublisher() throws IOException {
    Path left = Files.createDirectories(root.resolve("versions/.draft-0001"));
    Files.writeString(left.resolve("model.onnx"), "half");
    Files.writeString(root.resolve(".draft-champion"), "00");
    publish(train(1));
    assertTrue(Files.notExists(root.resolve(".draft-champion")));
    try (Stream<Path> inside = Files.list(root.resolve("versions"))) {
      assertEquals(List.of("0001"), inside.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void promote_keepsThePreviousChampion() throws IOException {
    promote(publish(train(1)));
    assertEquals(Optional.empty(), registry.alias(ModelRegistry.PREVIOUS));
    promote(publish(train(2)));
    promote("0002");
    assertEquals(Optional.of("0002"), registry.alias(ModelRegistry.CHAMPION));
    assertEquals(Optional.of("0001"), registry.alias(ModelRegistry.PREVIOUS));
  }

  @Test
  void history_tellsEveryMove_inTheSameBytesAgain() throws IOException {
    promote(publish(train(1)));
    promote(publish(train(2)));
    try (RegistryWriter writer = registry.writer()) {
      writer.refuse(writer.publish(train(3), "card", Map.of(), Map.of(), "nightly", Map.of()), "worse by 0.01", Map.of("loss", 0.11));
    }
    assertEquals("0001", rollBack());
    String history = Files.readString(root.resolve("history.jsonl"));
    assertEquals(
        """
        {"move":1,"event":"publish","version":"0001","reason":"because","champion":null,"challenger":"0001","previous":null,"figures":{"runs":18}}
        {"move":2,"event":"promote","version":"0001","reason":"better","champion":"0001","challenger":"0001","previous":null,"figures":{}}
        {"move":3,"event":"publish","version":"0002","reason":"because","champion":"0001","challenger":"0002","previous":null,"figures":{"runs":18}}
        {"move":4,"event":"promote","version":"0002","reason":"better","champion":"0002","challenger":"0002","previous":"0001","figures":{}}
        {"move":5,"event":"publish","version":"0003","reason":"nightly","champion":"0002","challenger":"0003","previous":"0001","figures":{}}
        {"move":6,"event":"refuse","version":"0003","reason":"worse by 0.01","champion":"0002","challenger":"0003","previous":"0001","figures":{"loss":0.11}}
        {"move":7,"event":"rollback","version":"0001","reason":"it stops too early","champion":"0001","challenger":"0003","previous":null,"figures":{"from":"0002"}}
        """,
        history);
    assertEquals(List.of(), registry.faults());
    StringBuilder again = new StringBuilder();
    registry.history().forEach(move -> again.append(move.line()).append('\n'));
    assertEquals(history, again.toString());
  }

  @Test
  void rollBack_twice_goesBackTwo_andThenSaysThatThereIsNone() throws IOException {
    promote(publish(train(1)));
    promote(publish(train(2)));
    promote(publish(train(3)));
    assertEquals("0002", rollBack());
    assertEquals("0001", rollBack());
    assertEquals(Optional.empty(), registry.alias(ModelRegistry.PREVIOUS));
    IOException e = assertThrows(IOException.class, this::rollBack);
    assertEquals("there is no champion before 0001 in " + root + " to go back to", e.getMessage());
  }

  @Test
  void writer_second_isRefusedAndNamesTheFirst() throws IOException {
    try (RegistryWriter first = registry.writer()) {
      IOException e = assertThrows(FolderLock.LockedException.class, () -> new ModelRegistry(root).writer());
      assertEquals(
          "%s is being written by this process, which holds %s; try again when it is done".formatted(root, root.resolve(".lock")), e.getMessage());
      first.publish(train(1), "card", Map.of(), Map.of(), "because", Map.of());
    }
    promote("0001");
  }

  @Test
  void faults_everyFileOfANewVersion_isVouchedFor() throws IOException {
    String version = publish(train(1));
    assertEquals(List.of(), registry.faults(version));
    for (String name : List.of("model.onnx", "pipeline.onnx", "card.md", "metrics.json", "runs.txt")) {
      Path file = root.resolve("versions/0001").resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      byte[] damaged = bytes.clone();
      damaged[damaged.length / 2] ^= 1;
      Files.write(file, damaged);
      assertEquals(1, registry.faults(version).size(), name);
      assertTrue(registry.faults(version).get(0).startsWith("0001/" + name + " has "), registry.faults(version).toString());
      Files.delete(file);
      assertEquals(List.of("0001/" + name + " is missing or no regular file"), registry.faults(version));
      Files.write(file, bytes);
    }
    Files.writeString(root.resolve("versions/0001/notes.txt"), "mine");
    assertEquals(List.of("0001/notes.txt is in no manifest"), registry.faults(version));
  }

  /** With half of the list, runs that the champion has learned from would pass for new to it; without it, nobody would compare. */
  @Test
  void runs_notTheListThatWasPublished_isAnError() throws IOException {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(2, 4, 1));
    try (RegistryWriter writer = registry.writer()) {
      writer.publish(train(1), "card", Map.of(), Map.of(RunSet.FILE, RunSet.of(runs).format()), "because", Map.of());
    }
    assertEquals(8, registry.runs("0001").orElseThrow().size());
    Path file = root.resolve("versions/0001/runs.txt");
    Files.writeString(file, Files.readString(file).substring(17));
    IOException e = assertThrows(IOException.class, () -> registry.runs("0001"));
    assertTrue(
        e.getMessage().matches("\\Q" + file + "\\E is not what was published: 119 bytes with sha256 [0-9a-f]{12}, but its manifest says 136 with .*"),
        e.getMessage());
    Files.delete(file);
    e = assertThrows(IOException.class, () -> registry.runs("0001"));
    assertTrue(e.getMessage().startsWith(file + " is not what was published: it is missing. Restore it, or go back"), e.getMessage());
  }

  @Test
  void runSet_torn_namesTheLine() throws IOException {
    Path file = Files.writeString(root.resolve("considered.txt"), "0123456789abcdef\n0123456789ab");
    IOException e = assertThrows(IOException.class, () -> RunSet.read(file));
    assertEquals(
        file + " line 2 should hold 16 hexadecimal digits, but holds '0123456789ab'; restore the file, or delete it, and its runs count as not seen",
        e.getMessage());
  }

  /** What was published before manifests listed all files: they vouch for model and pipeline alone. */
  @Test
  void faults_oldManifest_isReadAsItIs() throws IOException {
    String version = publish(train(1));
    Path manifest = root.resolve("versions/0001/manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.substring(0, text.indexOf(",\n  \"files\"")) + "\n}");
    Files.delete(root.resolve("versions/0001/runs.txt"));
    assertEquals(List.of(), registry.faults(version));
    assertEquals(Optional.empty(), registry.runs(version));
    Files.delete(root.resolve("versions/0001/pipeline.onnx"));
    assertEquals(List.of("0001/pipeline.onnx is missing or no regular file"), registry.faults(version));
  }

  @Test
  void history_noMove_saysWhereAndWhatToDo() throws IOException {
    promote(publish(train(1)));
    Path history = root.resolve("history.jsonl");
    String whole = Files.readString(history);
    for (String last :
        List.of("{\"move\":3,\"event\":\"promote\",\"version\":\"0001\",\"reason\":\"x\"}", "{\"move\":3", "", "{\"move\":2,\"event\":\"refuse\",\"version\":\"0001\",\"figures\":{}}")) {
      Files.writeString(history, whole + last + "\n");
      IOException e = assertThrows(IOException.class, () -> registry.history());
      assertTrue(e.getMessage().startsWith(history + " line 3 is "), e.getMessage());
      assertTrue(e.getMessage().endsWith("restore the file, or move it away, and a new history begins"), e.getMessage());
    }
    Files.write(history, new byte[] {(byte) 0xff, '\n'});
    assertEquals(history + " is no UTF-8 text; restore it", assertThrows(IOException.class, () -> registry.history()).getMessage());
  }

  /** The champion of this project: what a first challenger is compared with, and drift measured from. */
  @Test
  void faults_shippedRegistry_isWhole() throws Exception {
    ModelRegistry shipped = new ModelRegistry(Path.of("../models"));
    assertEquals(List.of(), shipped.faults());
    assertEquals(List.of(), shipped.faults("0001"));
    assertEquals(Optional.of("0001"), shipped.alias(ModelRegistry.CHAMPION));
    assertEquals("0cee0b8788f73709929e3a96087685b47ef38bdd69abfa742b5cf4201bd396c6", shipped.model("0001").sha256());
    assertEquals(2_981, shipped.runs("0001").orElseThrow().size());
    assertEquals(
        Set.of("model.onnx", "pipeline.onnx", "card.md", "metrics.json", "report.html", "runs.txt", "profile.json"), shipped.vouchedFor("0001"));
    assertEquals(2, shipped.history().size());
  }

  @Test
  void faults_aliasChangedByHand_isTold() throws IOException {
    promote(publish(train(1)));
    Files.writeString(root.resolve("previous"), "0007\n");
    assertEquals(List.of("previous names 0007, which is not there"), registry.faults());
    Files.writeString(root.resolve("previous"), "0001\n");
    assertTrue(registry.faults().get(0).endsWith("they were changed by hand"), registry.faults().toString());
  }

  @Test
  void model_swappedFile_isRejectedByItsManifest() throws IOException {
    publish(train(1));
    Files.write(root.resolve("versions/0001/model.onnx"), train(2).bytes());
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> registry.model("0001"));
    assertEquals("E-MODEL-003", e.code());
  }

  @Test
  void alias_thatNamesNoVersion_isAnError() throws IOException {
    Files.writeString(root.resolve("champion"), "../../etc");
    assertThrows(IOException.class, () -> registry.alias(ModelRegistry.CHAMPION));
  }

  @Test
  void find_noChampionYet_saysWhatToRun() {
    IOException e = assertThrows(IOException.class, () -> ModelRegistry.find("champion", root));
    assertTrue(e.getMessage().contains("run './stopcast retrain'"), e.getMessage());
  }
}
