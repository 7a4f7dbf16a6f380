package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds logs below the paths that a user gives, by asking each reader about each file and folder. A folder that is reached twice, as by a
 * link, is looked at once.
 */
final class Places {
  /** A log and who reads it. */
  record Found(LogPlace place, LogReader reader) {}

  private static final int DEEPEST = 64;

  private final List<LogReader> readers;
  private final List<Found> found = new ArrayList<>();
  private final List<Path> unknown = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();

  /** @param readers those that may be asked: all, or the one of a format that the user names */
  Places(List<LogReader> readers) {
    this.readers = readers;
  }

  /** What was found, in order of the paths. */
  List<Found> found() {
    return found;
  }

  /** The files that nobody knew, without those that a folder's reader reads along. */
  List<Path> unknown() {
    return unknown;
  }

  /** What could not be looked at, and why. */
  List<String> failures() {
    return failures;
  }

  void look(Path path) {
    look(path, List.of());
  }

  private void look(Path path, List<Found> above) {
    try {
      if (!seen.add(path.toRealPath())) {
        return;
      }
      if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
        failures.add("%s is neither a file nor a folder, and was not looked at".formatted(path));
        return;
      }
      if (path.getNameCount() > DEEPEST) {
        failures.add("%s lies deeper than %d folders, and was not looked at".formatted(path, DEEPEST));
        return;
      }
      LogPlace place = LogPlace.of(path);
      boolean readAlong = above.stream().anyMatch(f -> f.reader.readsAlong(f.place, path));
      List<Found> here = readAlong ? List.of() : knownBy(place);
      found.addAll(here);
      if (place.isFolder()) {
        List<Found> claims = new ArrayList<>(above);
        claims.addAll(here);
        for (Path inside : children(path)) {
          look(inside, claims);
        }
      } else if (here.isEmpty() && !readAlong) {
        unknown.add(path);
      }
    } catch (IOException e) {
      failures.add("%s cannot be looked at: %s".formatted(path, e.getMessage()));
    }
  }

  /** The first reader that knows it: later ones are the less particular. */
  private List<Found> knownBy(LogPlace place) throws IOException {
    for (LogReader reader : readers) {
      if (reader.recognizes(place)) {
        return List.of(new Found(place, reader));
      }
    }
    return List.of();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.sorted().toList();
    }
  }
}
