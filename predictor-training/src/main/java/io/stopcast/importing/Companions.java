package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The YAML files that tools put beside their tables. */
final class Companions {
  private Companions() {}

  /** Tells the run what a file says and returns it; empty if it is not there, or cannot be read, which is said. */
  static Map<String, Object> tell(Path file, LoggedRun run, LogSink sink) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    Map<String, Object> facts;
    try {
      facts = YamlFacts.read(file, sink);
    } catch (ImportException e) {
      sink.skipped(file.toString(), "the parameters: " + e.getMessage());
      return Map.of();
    }
    Parameters parameters = new Parameters(run, file.toString(), sink);
    facts.forEach(parameters::add);
    return facts;
  }
}
