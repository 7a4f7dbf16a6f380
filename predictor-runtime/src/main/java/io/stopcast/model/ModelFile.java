package io.stopcast.model;

import io.stopcast.feature.FeatureSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A model file that was read once, checked, and found fit for use.
 *
 * <p>The check is plain Java and runs before anything native may see the bytes. What is hashed, checked and loaded are the
 * same bytes in memory, whatever becomes of the file meanwhile. Immutable.
 */
public final class ModelFile {
  /** The largest file that is read. */
  public static final int LARGEST = 64 << 20;

  /** Metadata keys of a model file. */
  public static final String FORMAT = "stopcast.format";
  public static final String SCHEMA_VERSION = "stopcast.schema.version";
  public static final String SCHEMA_NAMES = "stopcast.schema.names";
  public static final String SCHEMA_SHA256 = "stopcast.schema.sha256";
  public static final String THRESHOLDS = "stopcast.thresholds";
  public static final String GOLDEN = "stopcast.golden";
  /** The format that this runtime reads. */
  public static final String FORMAT_VERSION = "1";

  private final byte[] bytes;
  private final String where;
  private final FeatureSchema schema;
  private final PriceThresholds thresholds;
  private final GoldenRows golden;
  private final Map<String, String> metadata;
  private final TreeTable trees;

  private ModelFile(byte[] bytes, String where) throws ModelRejectedException {
    this.bytes = bytes;
    this.where = where;
    GraphReader graph = new GraphReader(where).read(bytes);
    this.metadata = Collections.unmodifiableMap(graph.metadata());
    this.trees = graph.trees();
    String format = required(FORMAT);
    if (!format.equals(FORMAT_VERSION)) {
      throw rejected("E-MODEL-004", "its format is '%.20s'; this runtime reads %s".formatted(format, FORMAT_VERSION));
    }
    this.schema = readSchema(graph.features());
    try {
      this.thresholds = PriceThresholds.parse(required(THRESHOLDS));
      this.golden = GoldenRows.decode(metadata.getOrDefault(GOLDEN, ""), schema.size());
    } catch (IllegalArgumentException e) {
      throw rejected("E-MODEL-005", "its metadata cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads and checks a file.
   *
   * @throws IOException if it cannot be read
   * @throws ModelRejectedException if it must not be used
   */
  public static ModelFile read(Path path) throws IOException, ModelRejectedException {
    String where = path.toString();
    if (Files.exists(path) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new ModelRejectedException("E-MODEL-007", where, "it is no regular file but a link or a folder");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LARGEST + 1);
    }
    return read(bytes, where);
  }

  /**
   * Checks the bytes of a file; they must not be changed afterwards.
   *
   * @param where what messages call it
   */
  public static ModelFile read(byte[] bytes, String where) throws ModelRejectedException {
    if (bytes.length > LARGEST) {
      throw new ModelRejectedException("E-MODEL-009", where, "it is larger than %d MiB".formatted(LARGEST >> 20));
    }
    return new ModelFile(bytes, where);
  }

  private FeatureSchema readSchema(int columns) throws ModelRejectedException {
    FeatureSchema read;
    try {
      read =
          new FeatureSchema(Integer.parseInt(required(SCHEMA_VERSION)), List.of(required(SCHEMA_NAMES).split("\n", -1)));
    } catch (IllegalArgumentException e) {
      throw rejected("E-MODEL-005", "its feature schema cannot be read: " + e.getMessage());
    }
    if (read.size() != columns) {
      throw rejected("E-MODEL-005", "its schema names %d features, but its input has %d".formatted(read.size(), columns));
    }
    if (!read.sha256().equals(required(SCHEMA_SHA256))) {
      throw rejected("E-MODEL-005", "its feature schema does not fit the hash beside it");
    }
    return read;
  }

  private String required(String key) throws ModelRejectedException {
    String value = metadata.get(key);
    if (value == null) {
      throw rejected("E-MODEL-005", "its metadata has no '%s': it is no stop model, or was not written whole".formatted(key));
    }
    return value;
  }

  private ModelRejectedException rejected(String code, String reason) {
    return new ModelRejectedException(code, where, reason);
  }

  /** What messages call the file. */
  public String where() {
    return where;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes themselves, for loaders in this package, which do not change them. */
  byte[] sharedBytes() {
    return bytes;
  }

  /** SHA-256 of the bytes, in hexadecimal. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  public FeatureSchema schema() {
    return schema;
  }

  public PriceThresholds thresholds() {
    return thresholds;
  }

  public GoldenRows golden() {
    return golden;
  }

  /** All that the file says of itself, among it the provenance. */
  public Map<String, String> metadata() {
    return metadata;
  }

  public int treeCount() {
    return trees.roots().length;
  }

  /** Returns the scorer in plain Java, which needs no closing. Costs some milliseconds. */
  public StopModel scorer() {
    return new ForestModel(schema, trees);
  }

  TreeTable trees() {
    return trees;
  }
}
