package io.stopcast.registry;

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
    Recipe recipe = new Recipe(3, 2, 0.3, 0.6, 0.8, 1, 1, 8, 0.3, 0, 0, 10, 10, 1, 2, 0.5, 0.5, seed);
    return new LearnedRecipe(recipe).train(runs, new double[] {0.1}, Map.of());
  }

  @Test
  void publish_thenModel_isTheSame() throws Exception {
    ModelFile model = train(1);
    String version = registry.publish(model, "card", Map.of("loss", 0.1));
    assertEquals("0001", version);
    assertEquals(model.sha256(), registry.model(version).sha256());
    assertEquals("card", Files.readString(root.resolve("versions/0001/card.md")));
  }

  @Test
  void publish_pipeline_isVouchedForAndLoads() throws Exception {
    registry.publish(train(1), "card", Map.of());
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
    assertEquals("0001", registry.publish(train(1), "card", Map.of()));
    assertEquals("0001", registry.publish(train(1), "card", Map.of()));
    assertEquals("0002", registry.publish(train(2), "card", Map.of()));
  }

  @Test
  void publish_leavesNothingButVersions_evenAfterAKilledPublisher() throws IOException {
    Path left = Files.createDirectories(root.resolve("versions/.draft-0001"));
    Files.writeString(left.resolve("model.onnx"), "half");
    registry.publish(train(1), "card", Map.of());
    try (Stream<Path> inside = Files.list(root.resolve("versions"))) {
      assertEquals(List.of("0001"), inside.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void promote_keepsThePreviousChampion() throws IOException {
    registry.promote(registry.publish(train(1), "card", Map.of()));
    assertEquals(Optional.empty(), registry.alias(ModelRegistry.PREVIOUS));
    registry.promote(registry.publish(train(2), "card", Map.of()));
    registry.promote("0002");
    assertEquals(Optional.of("0002"), registry.alias(ModelRegistry.CHAMPION));
    assertEquals(Optional.of("0001"), registry.alias(ModelRegistry.PREVIOUS));
  }

  @Test
  void model_swappedFile_isRejectedByItsManifest() throws IOException {
    registry.publish(train(1), "card", Map.of());
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
