package io.stopcast.registry;

import io.stopcast.history.Digest;
import io.stopcast.history.Quoted;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which runs a model has seen, in its trees, its thresholds or as earlier runs: the first 16 digits of the SHA-256 of source, task and name of
 * each, one a line, sorted, in {@code runs.txt} of its version. A run that comes again with more points is the same run.
 */
public final class RunSet {
  /** The file of a version that holds it. */
  public static final String FILE = "runs.txt";

  private static final int DIGITS = 16;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{" + DIGITS + "}");

  private final SortedSet<String> digests;

  private RunSet(SortedSet<String> digests) {
    this.digests = digests;
  }

  public static RunSet of(Collection<ScoredRun> runs) {
    SortedSet<String> digests = new TreeSet<>();
    runs.forEach(run -> digests.add(digest(run)));
    return new RunSet(digests);
  }

  /** The runs in a file of this form; nothing if there is no file. */
  public static Optional<RunSet> read(Path file) throws IOException {
    try {
      return Optional.of(parse(Files.readAllBytes(file), file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * The runs in bytes of this form.
   *
   * @param where to be named in a message
   */
  static RunSet parse(byte[] bytes, String where) throws IOException {
    SortedSet<String> digests = new TreeSet<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (!DIGEST.matcher(line).matches()) {
        throw new IOException(
            "%s line %d should hold %d hexadecimal digits, but holds %s; restore the file, or delete it, and its runs count as not seen"
                .formatted(where, number, DIGITS, Quoted.of(line)));
      }
      digests.add(line);
    }
    return new RunSet(digests);
  }

  public RunSet and(RunSet others) {
    SortedSet<String> both = new TreeSet<>(digests);
    both.addAll(others.digests);
    return new RunSet(both);
  }

  public boolean contains(ScoredRun run) {
    return digests.contains(digest(run));
  }

  public int size() {
    return digests.size();
  }

  /** How many of these runs are not among the others. */
  public int notIn(RunSet others) {
    return (int) digests.stream().filter(digest -> !others.digests.contains(digest)).count();
  }

  /** The bytes of the file. */
  public byte[] format() {
    StringBuilder text = new StringBuilder();
    digests.forEach(digest -> text.append(digest).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A number that is the same for a run whatever else is known, to draw by. */
  static long draw(ScoredRun run) {
    return Long.parseUnsignedLong(digest(run), 16);
  }

  private static String digest(ScoredRun run) {
    RunContext context = run.run().context();
    String name = context.source() + '\0' + context.task() + '\0' + context.run();
    return Digest.hex(name.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }
}
