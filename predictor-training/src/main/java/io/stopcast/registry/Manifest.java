package io.stopcast.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.history.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What vouches for the files of a version: {@code manifest.json}. One of a version that was published before there were lists of files vouches
 * for the model and the pipeline alone.
 *
 * @param sha256 of the model
 * @param files what it vouches for, by name
 */
record Manifest(String sha256, Map<String, Vouched> files) {
  private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** What a file must be. */
  record Vouched(long bytes, String sha256) {
    static Vouched of(byte[] bytes) {
      return new Vouched(bytes.length, Digest.hex(bytes));
    }

    /** In what a file differs that should be another one. */
    String difference(Vouched wanted) {
      return "%d bytes with sha256 %.12s, but its manifest says %d with %.12s".formatted(bytes, sha256, wanted.bytes, wanted.sha256);
    }
  }

  Manifest {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  static Manifest read(Path folder) throws IOException {
    Path path = folder.resolve(ModelRegistry.MANIFEST);
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(path));
      Map<String, Vouched> files = new LinkedHashMap<>();
      if (node.has("files")) {
        node.get("files")
            .properties()
            .forEach(e -> files.put(e.getKey(), new Vouched(e.getValue().path("bytes").asLong(-1), e.getValue().path("sha256").asText())));
      } else {
        files.put(ModelRegistry.MODEL, new Vouched(node.path("bytes").asLong(-1), node.path("sha256").asText()));
        if (node.has("pipeline")) {
          files.put(
              ModelRegistry.PIPELINE,
              new Vouched(node.path("pipeline_bytes").asLong(-1), node.path("pipeline_sha256").asText()));
        }
      }
      return new Manifest(node.path("sha256").asText(), files);
    } catch (JsonProcessingException e) {
      throw new IOException("%s is not JSON: %s; restore it, or move the version's folder away".formatted(path, e.getOriginalMessage()), e);
    }
  }

  /**
   * The manifest of a new version.
   *
   * @param files all others of the version, the model and the pipeline among them
   */
  static byte[] write(String version, String schemaSha256, Map<String, byte[]> files) throws IOException {
    byte[] model = files.get(ModelRegistry.MODEL);
    byte[] pipeline = files.get(ModelRegistry.PIPELINE);
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("format", 1);
    manifest.put("version", version);
    manifest.put("file", ModelRegistry.MODEL);
    manifest.put("bytes", model.length);
    // The first sha256 is the model's: readers of the runtime look for no more.
    manifest.put("sha256", Digest.hex(model));
    manifest.put("schema_sha256", schemaSha256);
    manifest.put("pipeline", ModelRegistry.PIPELINE);
    manifest.put("pipeline_bytes", pipeline.length);
    manifest.put("pipeline_sha256", Digest.hex(pipeline));
    Map<String, Vouched> vouched = new LinkedHashMap<>();
    files.forEach((name, bytes) -> vouched.put(name, Vouched.of(bytes)));
    manifest.put("files", vouched);
    return JSON.writeValueAsBytes(manifest);
  }
}
