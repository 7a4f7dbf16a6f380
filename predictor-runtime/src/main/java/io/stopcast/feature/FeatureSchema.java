package io.stopcast.feature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;

/**
 * Names and order of a model's inputs, and the version of the code that computes them.
 *
 * @param version increases whenever a feature changes its meaning while it keeps its name
 * @param names the inputs in order; no name twice
 */
public record FeatureSchema(int version, List<String> names) {
  public FeatureSchema {
    names = List.copyOf(names);
    if (version < 1) {
      throw new IllegalArgumentException("a feature schema's version must be at least 1, but was " + version);
    }
    if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("a feature schema needs at least one name and none twice, but has " + names);
    }
  }

  public int size() {
    return names.size();
  }

  /** Returns the position of a feature, which must exist. */
  public int indexOf(String name) {
    int i = names.indexOf(name);
    if (i < 0) {
      throw new IllegalArgumentException("feature schema v%d has no '%s'; it has %s".formatted(version, name, names));
    }
    return i;
  }

  /** Fails, naming the first difference, unless a model made for {@code expected} may read what this schema yields. */
  public void requireSame(FeatureSchema expected) throws SchemaMismatchException {
    if (equals(expected)) {
      return;
    }
    int i = 0;
    while (i < names.size() && i < expected.names.size() && names.get(i).equals(expected.names.get(i))) {
      i++;
    }
    String difference =
        i == names.size() && i == expected.names.size()
            ? "the names agree, the versions do not"
            : "first difference at position %d: expected %s, found %s".formatted(i, quote(expected, i), quote(this, i));
    throw new SchemaMismatchException(
        ("the model expects feature schema v%d with %d features, but this runtime extracts v%d with %d; %s. Retrain the model,"
                + " or use the runtime version it was exported for.")
            .formatted(expected.version, expected.size(), version, size(), difference));
  }

  private static String quote(FeatureSchema schema, int i) {
    return i < schema.size() ? "'" + schema.names.get(i) + "'" : "nothing";
  }

  /** Returns the SHA-256 of version and names, in hexadecimal. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((version + "\n" + String.join("\n", names)).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
