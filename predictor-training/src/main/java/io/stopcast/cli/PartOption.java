package io.stopcast.cli;

import io.stopcast.replay.Part;
import java.util.Objects;
import picocli.CommandLine.Option;

/** Which runs are judged. */
final class PartOption {
  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "Which runs are judged: all; development, the four fifths of the runs, by a hash of their names, on which"
          + " recipes may be compared, learning from these alone; or untouched, the fifth that is kept back for a last check,"
          + " learning from all. Default: ${DEFAULT-VALUE}.",
      defaultValue = "all")
  private String word;

  Part part() throws WrongUsageException {
    try {
      return Part.of(word);
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }
}
