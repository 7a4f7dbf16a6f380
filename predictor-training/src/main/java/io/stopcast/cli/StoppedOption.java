package io.stopcast.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** What becomes of runs that did not end by themselves. */
final class StoppedOption {
  /** The words for it, the default first. */
  private static final List<String> WORDS = List.of("leave-out", "learn");

  @Option(
      names = "--stopped",
      paramLabel = "leave-out|learn",
      description = "Runs that did not end by themselves: leave-out, or learn from them as far as they show, with exempt runs of the history (which a"
          + " policy would have stopped, and a draw let go on) standing for what they do not. They are never judged. Default: ${DEFAULT-VALUE}.",
      defaultValue = "leave-out")
  private String word;

  boolean isLearn() throws WrongUsageException {
    if (!WORDS.contains(word)) {
      throw new WrongUsageException("--stopped must be one of %s, but was '%s'".formatted(WORDS, word));
    }
    return word.equals("learn");
  }
}
