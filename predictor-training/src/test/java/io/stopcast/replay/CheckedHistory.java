package io.stopcast.replay;

import io.stopcast.history.History;
import io.stopcast.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The history that a script in checks/ is given: those are skipped with a message where it is not at hand. */
public final class CheckedHistory {
  private CheckedHistory() {}

  /** Its runs; if there is nothing at the path, nothing, which is told. */
  public static Optional<List<Run>> at(String path) throws IOException {
    if (!Files.exists(Path.of(path))) {
      System.out.printf("skipped: there is no history at %s; name one as the argument%n", path);
      return Optional.empty();
    }
    return Optional.of(History.read(List.of(Path.of(path)), History.Options.STRICT).runs());
  }
}
