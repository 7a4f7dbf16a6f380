package io.stopcast.model;

import static io.stopcast.model.ModelRejectedException.quote;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.ModelRejectedException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A model file that passed every check: one self-contained ONNX graph of trees, and in its metadata all that is
 * needed to use it.
 *
 * <p>Whoever wrote the file is not trusted. It is read once, and what was read is hashed, checked and scored; all
 * checks are plain Java and come before any native code sees a byte. They take milliseconds
 * for a megabyte.
 *
 * <p>The metadata, all under names that begin with {@code stopcast.}:
 *
 * <pre>
 * format          1
 * schema.version  version of the feature schema          schema.names   its names, one a line
 * schema.sha256   hash of both                           thresholds     see {@link PriceThresholds#format}
 * golden          optional, see {@link GoldenRows}       priors         optional, see {@link Priors}
 * thresholds.alone  optional, for runs of tasks without a history; else as thresholds
 * outlook         optional, see {@link Outlooks}          covers         optional, see {@link Covers}
 * promise         optional, see {@link Promises}
 * any other       text: history.sha256, provenance, ...
 * </pre>
 *
 * <p>Immutable; safe for any thread.
 */
public final class ModelFile {
  public static final String FORMAT = "stopcast.format";
  public static final String SCHEMA_VERSION = "stopcast.schema.version";
  public static final String SCHEMA_NAMES = "stopcast.schema.names";
  public static final String SCHEMA_SHA256 = "stopcast.schema.sha256";
  public static final String THRESHOLDS = "stopcast.thresholds";
  public static final String THRESHOLDS_ALONE = "stopcast.thresholds.alone";
  public static final String GOLDEN = "stopcast.golden";
  public static final String PRIORS = "stopcast.priors";
  public static final String OUTLOOK = "stopcast.outlook";
  public static final String COVERS = "stopcast.covers";
  public static final String PROMISE = "stopcast.promise";
  public static final String HISTORY_SHA256 = "stopcast.history.sha256";
  public static final String PROVENANCE = "stopcast.provenance";

  /** The format that this runtime reads. */
  public static final String CURRENT_FORMAT = "1";

  /** The largest file that is read, in bytes: 64 MiB. */
  public static final int MAX_BYTES = 64 << 20;

  private final byte[] bytes;
  private final String where;
  private final String sha256;
  private final FeatureSchema schema;
  private final PriceThresholds thresholds;
  private final PriceThresholds thresholdsAlone;
  private final SortedMap<String, String> metadata;
  private final GoldenRows golden;
  private final Priors priors;
  private final Outlooks outlooks;
  private final Promises promises;
  private final Optional<TreeShap> explainer;
  private final Ensemble ensemble;

  /**
   * Reads and checks a file.
   *
   * @param path a regular file; a symbolic link is refused, for what it points to may change
   * @throws ModelRejectedException if it cannot be read or is anything else than a stop model
   */
  public static ModelFile read(Path path) throws ModelRejectedException {
    String where = path.toString();
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new ModelRejectedException(
            Code.UNREADABLE, where, "it is not a regular file; name the model file itself, not a link or a folder");
      }
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        return new ModelFile(in.readNBytes(MAX_BYTES + 1), where);
      }
    } catch (IOException e) {
      throw new ModelRejectedException(Code.UNREADABLE, where, "it cannot be read: " + e, e);
    }
  }

  /**
   * Checks bytes that were read elsewhere.
   *
   * @param where what to call them in messages
   */
  public static ModelFile read(byte[] bytes, String where) throws ModelRejectedException {
    return new ModelFile(bytes.clone(), where);
  }

  private ModelFile(byte[] bytes, String where) throws ModelRejectedException {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new ModelRejectedException(
          Code.SIZE,
          where,
          "a model file has 1..%d bytes, but this one has %s"
              .formatted(MAX_BYTES, bytes.length == 0 ? "none" : "more"));
    }
    this.bytes = bytes;
    this.where = where;
    this.sha256 = sha256(bytes);
    OnnxReader.Contents contents = OnnxReader.read(bytes, where);
    this.ensemble = contents.ensemble();
    this.metadata = Collections.unmodifiableSortedMap(contents.metadata());
    String format = required(FORMAT);
    if (!format.equals(CURRENT_FORMAT)) {
      throw new ModelRejectedException(
          Code.METADATA,
          where,
          "%s is %s, but this runtime reads %s; use the runtime that belongs to it, or train again"
              .formatted(FORMAT, quote(format), CURRENT_FORMAT));
    }
    this.schema = readSchema();
    this.thresholds = readThresholds(THRESHOLDS);
    this.thresholdsAlone = metadata.containsKey(THRESHOLDS_ALONE) ? readThresholds(THRESHOLDS_ALONE) : thresholds;
    try {
      String text = metadata.get(GOLDEN);
      this.golden = text == null ? GoldenRows.NONE : GoldenRows.parse(text, schema.size());
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(Code.GOLDEN, where, GOLDEN + ": " + quote(String.valueOf(e.getMessage())), e);
    }
    try {
      String text = metadata.get(PRIORS);
      this.priors = text == null ? Priors.NONE : Priors.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(Code.METADATA, where, PRIORS + ": " + quote(String.valueOf(e.getMessage())), e);
    }
    try {
      String text = metadata.get(OUTLOOK);
      this.outlooks = text == null ? Outlooks.NONE : Outlooks.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(Code.METADATA, where, OUTLOOK + ": " + e.getMessage(), e);
    }
    try {
      String text = metadata.get(PROMISE);
      this.promises = text == null ? Promises.NONE : Promises.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(Code.METADATA, where, PROMISE + ": " + e.getMessage(), e);
    }
    try {
      this.explainer =
          Optional.ofNullable(metadata.get(COVERS)).map(text -> new TreeShap(schema, ensemble, Covers.parse(text)));
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(Code.METADATA, where, COVERS + ": " + quote(String.valueOf(e.getMessage())), e);
    }
  }

  private PriceThresholds readThresholds(String key) throws ModelRejectedException {
    try {
      return PriceThresholds.parse(required(key));
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(Code.METADATA, where, key + ": " + e.getMessage(), e);
    }
  }

  private FeatureSchema readSchema() throws ModelRejectedException {
    List<String> names = Arrays.asList(required(SCHEMA_NAMES).split("\n", -1));
    if (names.size() != ensemble.features()) {
      throw new ModelRejectedException(
          Code.SCHEMA,
          where,
          "the graph takes %d features, but %s names %d".formatted(ensemble.features(), SCHEMA_NAMES, names.size()));
    }
    FeatureSchema read;
    try {
      read = new FeatureSchema(Integer.parseInt(required(SCHEMA_VERSION)), names);
    } catch (IllegalArgumentException e) {
      throw new ModelRejectedException(
          Code.SCHEMA, where, "its feature schema is none: " + quote(String.valueOf(e.getMessage())), e);
    }
    if (!read.sha256().equals(required(SCHEMA_SHA256))) {
      throw new ModelRejectedException(
          Code.SCHEMA,
          where,
          "the sha256 of its feature schema is %s, but %s says %s"
              .formatted(read.sha256(), SCHEMA_SHA256, quote(required(SCHEMA_SHA256))));
    }
    return read;
  }

  private String required(String key) throws ModelRejectedException {
    String value = metadata.get(key);
    if (value == null) {
      throw new ModelRejectedException(Code.METADATA, where, "property " + key + " is missing");
    }
    return value;
  }

  /** Fails unless these are the bytes that a manifest vouches for. */
  public void requireSha256(String expected) throws ModelRejectedException {
    if (!sha256.equals(expected)) {
      throw new ModelRejectedException(
          Code.SHA256, where, "its sha256 is %s, but should be %s".formatted(sha256, quote(expected)));
    }
  }

  /** The SHA-256 of the bytes, in lower-case hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /** How many bytes the file has. */
  public int size() {
    return bytes.length;
  }

  /** What the file was called when it was read. */
  public String where() {
    return where;
  }

  /** How many trees vote. */
  public int trees() {
    return ensemble.trees();
  }

  public FeatureSchema schema() {
    return schema;
  }

  /** From which score on to stop a run whose task has a history. */
  public PriceThresholds thresholds() {
    return thresholds;
  }

  /** From which score on to stop a run whose task has next to none. */
  public PriceThresholds thresholdsAlone() {
    return thresholdsAlone;
  }

  /** All properties by their whole name, unmodifiable and sorted. Their text is not trusted: quote it. */
  public SortedMap<String, String> metadata() {
    return metadata;
  }

  /** The earlier runs of tasks that travel with the model; may be none. */
  public Priors priors() {
    return priors;
  }

  /** What its scores meant on runs that it had not seen; may be unknown. */
  public Outlooks outlooks() {
    return outlooks;
  }

  /** What limits on the regret were certified, for whom and with which thresholds; mostly none. */
  public Promises promises() {
    return promises;
  }

  /** The rows that travel with the model; may be none. */
  public GoldenRows golden() {
    return golden;
  }

  /**
   * Returns the scorer in plain Java. It allocates nothing to score a row, and gives the same bits as {@link
   * OnnxRuntimeModel}; it can explain a margin if the file brings {@link Covers}. Closing it does nothing.
   */
  public StopModel scorer() {
    return new ForestModel(schema, Forest.of(ensemble), explainer);
  }

  /** A copy of what was hashed and checked. */
  public byte[] bytes() {
    return bytes.clone();
  }

  Ensemble ensemble() {
    return ensemble;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
