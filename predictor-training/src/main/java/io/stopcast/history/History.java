package io.stopcast.history;

import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Recorded runs in memory, with what was left out while reading them.
 *
 * @param runs in the order in which they were read; no two with the same source, task and name
 * @param skipped why lines or files were left out, in lenient reading only
 * @param sha256 digest over the files' digests, in the order in which they were given
 */
public record History(List<Run> runs, List<String> skipped, String sha256) {
  public History {
    runs = List.copyOf(runs);
    skipped = List.copyOf(skipped);
  }

  /**
   * How to read.
   *
   * @param lenient whether a bad line is skipped and counted instead of failing
   * @param objective replaces every run's own objective, if given
   * @param bytesRead told how many bytes of the files were read since the last call
   */
  public record Options(boolean lenient, Optional<Objective> objective, LongConsumer bytesRead) {
    public static final Options STRICT = new Options(false, Optional.empty(), bytes -> {});
  }

  /**
   * Reads files of JSON lines, plain or gzip, folders of them, and stores.
   *
   * @throws ImportException naming file, line, what was found and what was expected
   */
  public static History read(List<Path> paths, Options options) throws IOException {
    List<Run> runs = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    MessageDigest all = Digest.sha256();
    for (Path path : files(paths)) {
      if (Files.isDirectory(path)) {
        all.update(readStore(path, options, runs, skipped, seen));
        continue;
      }
      MessageDigest digest = Digest.sha256();
      readFile(path, options, runs, skipped, seen);
      try (DigestInputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      all.update(digest.digest());
      options.bytesRead.accept(Files.size(path));
    }
    return new History(runs, skipped, HexFormat.of().formatHex(all.digest()));
  }

  private static byte[] readStore(Path path, Options options, List<Run> runs, List<String> skipped, Map<String, String> seen)
      throws IOException {
    List<Run> stored = new ArrayList<>();
    String digest = Store.in(path).read(stored::add);
    for (Run run : stored) {
      String before = seen.putIfAbsent(key(run), path.toString());
      if (before == null) {
        runs.add(judgedBy(run, options));
      } else if (options.lenient) {
        skipped.add("%s: %s".formatted(path, readBefore(run, before)));
      } else {
        throw new ImportException("%s: %s. Take one out, or skip it with --lenient".formatted(path, readBefore(run, before)));
      }
    }
    return HexFormat.of().parseHex(digest);
  }

  private static Run judgedBy(Run run, Options options) {
    return options.objective.isEmpty()
        ? run
        : run.with(run.context().withObjective(options.objective.get()));
  }

  private static String readBefore(Run run, String before) {
    return "run %s of task %s was read before, from %s; a run may appear once"
        .formatted(Quoted.of(run.context().run()), Quoted.of(run.context().task()), before);
  }

  /**
   * The files that paths stand for: themselves, and for a folder its .jsonl and .jsonl.gz files by name; a folder that is a store stands for
   * itself.
   */
  public static List<Path> files(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path) || Store.isStore(path)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.list(path)) {
        List<Path> found =
            inside
                .filter(p -> p.toString().endsWith(".jsonl") || p.toString().endsWith(".jsonl.gz"))
                .sorted(Comparator.comparing(Path::toString))
                .toList();
        if (found.isEmpty()) {
          throw new ImportException("%s holds no .jsonl or .jsonl.gz file; give files or a folder of them".formatted(path));
        }
        files.addAll(found);
      }
    }
    return files;
  }

  private static void readFile(
      Path path, Options options, List<Run> runs, List<String> skipped, Map<String, String> seen) throws IOException {
    RunLines.read(
        path,
        new RunLines.Taker() {
          @Override
          public void run(Run run, String where) throws IOException {
            String before = seen.putIfAbsent(key(run), where);
            if (before != null) {
              fault(where + ": " + readBefore(run, before) + ". Take one out, or skip it with --lenient", null);
            } else {
              runs.add(judgedBy(run, options));
            }
          }

          @Override
          public void fault(String message, Exception cause) throws ImportException {
            if (!options.lenient) {
              throw new ImportException(message, cause);
            }
            skipped.add(message);
          }
        });
  }

  private static String key(Run run) {
    return run.context().source() + '\0' + run.context().task() + '\0' + run.context().run();
  }
}
