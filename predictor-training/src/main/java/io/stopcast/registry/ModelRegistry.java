package io.stopcast.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.stopcast.history.Digest;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.onnx.PipelineExport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of published models: {@code versions/NNNN/} with model, pipeline, card, metrics and manifest, and aliases, each
 * a file that holds a version's number. The pipeline is the model with all that comes before and after its trees, for
 * trainers in other languages ({@link PipelineExport}).
 *
 * <p>A version appears whole, by rename, and is never changed afterwards; so does an alias. One writer at a time.
 */
public final class ModelRegistry {
  /** The model in use. */
  public static final String CHAMPION = "champion";
  /** The last one that was trained, promoted or not. */
  public static final String CHALLENGER = "challenger";
  /** The champion before this one. */
  public static final String PREVIOUS = "previous";

  static final String MODEL = "model.onnx";
  static final String PIPELINE = "pipeline.onnx";
  static final String MANIFEST = "manifest.json";

  private static final List<String> ALIASES = List.of(CHAMPION, CHALLENGER, PREVIOUS);
  private static final Pattern VERSION = Pattern.compile("\\d{4,}");
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path root;

  public ModelRegistry(Path root) {
    this.root = root;
  }

  /**
   * Publishes a model as a new version, unless the newest one has the very same bytes.
   *
   * @param card for people, in Markdown
   * @param metrics for programs
   * @return the version's number
   */
  public String publish(ModelFile model, String card, Object metrics) throws IOException {
    Path versions = Files.createDirectories(root.resolve("versions"));
    Optional<String> newest = newest();
    if (newest.isPresent() && sha256InManifest(versions.resolve(newest.get())).equals(model.sha256())) {
      return newest.get();
    }
    String version = "%04d".formatted(newest.map(Integer::parseInt).orElse(0) + 1);
    byte[] pipeline = PipelineExport.write(model);
    Path draft = versions.resolve(".draft-" + version);
    if (Files.exists(draft)) {
      deleteFlat(draft); // left by a publisher that was killed
    }
    Files.createDirectory(draft);
    try {
      write(draft.resolve(MODEL), model.bytes());
      write(draft.resolve(PIPELINE), pipeline);
      write(draft.resolve("card.md"), card.getBytes(StandardCharsets.UTF_8));
      write(draft.resolve("metrics.json"), JSON.writeValueAsBytes(metrics));
      Map<String, Object> manifest = new LinkedHashMap<>();
      manifest.put("format", 1);
      manifest.put("version", version);
      manifest.put("file", MODEL);
      manifest.put("bytes", model.size());
      manifest.put("sha256", model.sha256());
      manifest.put("schema_sha256", model.schema().sha256());
      manifest.put("pipeline", PIPELINE);
      manifest.put("pipeline_bytes", pipeline.length);
      manifest.put("pipeline_sha256", Digest.hex(pipeline));
      write(draft.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
      moveInPlace(draft, versions.resolve(version));
    } catch (IOException | RuntimeException e) {
      deleteFlat(draft);
      throw e;
    }
    return version;
  }

  /** Makes a version the champion; the one it replaces becomes {@link #PREVIOUS}. */
  public void promote(String version) throws IOException {
    Optional<String> champion = alias(CHAMPION);
    if (champion.isPresent() && champion.get().equals(version)) {
      return;
    }
    if (champion.isPresent()) {
      point(PREVIOUS, champion.get());
    }
    point(CHAMPION, version);
  }

  /** Lets an alias name a version. */
  public void point(String alias, String version) throws IOException {
    Path draft = root.resolve(".draft-" + alias);
    write(draft, (version + "\n").getBytes(StandardCharsets.UTF_8));
    moveInPlace(draft, root.resolve(alias));
  }

  /** Returns the version that an alias names, if it names one. */
  public Optional<String> alias(String alias) throws IOException {
    try {
      String version = Files.readString(root.resolve(alias)).strip();
      if (!VERSION.matcher(version).matches()) {
        throw new IOException(
            "%s should hold a version's number such as 0001, but holds '%.40s'".formatted(root.resolve(alias), version));
      }
      return Optional.of(version);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Returns the model of a version, checked against its manifest. */
  public ModelFile model(String version) throws IOException, ModelRejectedException {
    return open(root.resolve("versions").resolve(version));
  }

  /**
   * Returns the model that a person means: an alias of the registry, a version's number or folder, or an .onnx file.
   *
   * @param registry the folder in which aliases and numbers are looked up
   */
  public static ModelFile find(String model, Path registry) throws IOException, ModelRejectedException {
    ModelRegistry known = new ModelRegistry(registry);
    if (ALIASES.contains(model)) {
      Optional<String> version = known.alias(model);
      if (version.isEmpty()) {
        throw new IOException(
            "there is no %s in %s yet; run './stopcast retrain', or name a version folder or an .onnx file"
                .formatted(model, registry));
      }
      return known.model(version.get());
    }
    if (VERSION.matcher(model).matches() && Files.isDirectory(registry.resolve("versions").resolve(model))) {
      return known.model(model);
    }
    Path path = Path.of(model);
    if (Files.isDirectory(path)) {
      return open(path);
    }
    if (!Files.exists(path)) {
      throw new IOException(
          "there is no model '%s'; name an alias %s, a version folder such as models/versions/0001, or an .onnx file"
              .formatted(model, ALIASES));
    }
    return ModelFile.read(path);
  }

  private static ModelFile open(Path folder) throws IOException, ModelRejectedException {
    Path path = folder.resolve(MODEL);
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("%s holds no %s; is it a version folder?".formatted(folder, MODEL));
    }
    ModelFile model = ModelFile.read(path);
    model.requireSha256(sha256InManifest(folder));
    return model;
  }

  private static String sha256InManifest(Path folder) throws IOException {
    JsonNode manifest = JSON.readTree(folder.resolve(MANIFEST).toFile());
    return manifest.path("sha256").asText();
  }

  private Optional<String> newest() throws IOException {
    try (Stream<Path> inside = Files.list(root.resolve("versions"))) {
      return inside.map(p -> p.getFileName().toString()).filter(VERSION.asMatchPredicate()).max(String::compareTo);
    }
  }

  private static void write(Path path, byte[] bytes) throws IOException {
    Files.write(path, bytes);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void moveInPlace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("%s cannot be published: its file system has no atomic rename".formatted(to), e);
    }
  }

  private static void deleteFlat(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path path : inside.toList()) {
        Files.delete(path);
      }
    }
    Files.delete(folder);
  }
}
