package io.stopcast.live;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.policy.LearnedPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An alias of a registry, such as {@code champion}: a file that holds the number of a version, which lies in {@code
 * versions/NNNN/} as {@code model.onnx} beside a {@code manifest.json} that vouches for its bytes. Only read, never written.
 */
final class RegistryAlias implements ModelSource {
  private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("\\d{4,18}");
  private static final Pattern SHA256 = Pattern.compile("\"sha256\"\\s*:\\s*\"([0-9a-f]{64})\"");
  private static final int LONGEST_ALIAS = 64;
  private static final int LONGEST_MANIFEST = 1 << 16;

  private final Path registry;
  private final Path alias;
  private final Function<ModelFile, LearnedPolicy> terms;

  RegistryAlias(Path registry, String alias, Function<ModelFile, LearnedPolicy> terms) {
    if (!ALIAS.matcher(alias).matches()) {
      throw new IllegalArgumentException("an alias is a name such as champion, but was " + Json.quoted(alias));
    }
    this.registry = registry;
    this.alias = registry.resolve(alias);
    this.terms = terms;
  }

  @Override
  public Optional<Loaded> changedFrom(String known) throws IOException, ModelRejectedException {
    String version = read(alias, LONGEST_ALIAS).strip();
    return version.equals(known) ? Optional.empty() : Optional.of(version(version));
  }

  @Override
  public Loaded version(String version) throws IOException, ModelRejectedException {
    if (!VERSION.matcher(version).matches()) {
      throw new IOException(
          "%s should hold a version's number such as 0001, but holds %s".formatted(alias, Json.quoted(version)));
    }
    Path folder = registry.resolve("versions").resolve(version);
    Path manifest = folder.resolve("manifest.json");
    Matcher sha256 = SHA256.matcher(read(manifest, LONGEST_MANIFEST));
    if (!sha256.find()) {
      throw new IOException("%s names no sha256 of the model; publish the version again".formatted(manifest));
    }
    ModelFile file = ModelFile.read(folder.resolve("model.onnx"));
    file.requireSha256(sha256.group(1));
    return Loaded.of(version, file, terms);
  }

  private static String read(Path path, int longest) throws IOException {
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new IOException("%s is longer than the %d bytes that it may have".formatted(path, longest));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
