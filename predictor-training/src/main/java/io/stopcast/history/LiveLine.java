package io.stopcast.history;

import io.stopcast.run.Step;
import java.util.Optional;

/**
 * What a line of a live run comes to: a step of a run that was announced before, or nothing that can be read.
 *
 * @param <W> what watches a run
 */
public sealed interface LiveLine<W> {
  /**
   * A step.
   *
   * @param watching what was made when the run was announced
   * @param run the run's name, if the line says it
   * @param step what a policy may see of it: without labels
   */
  record Report<W>(W watching, Optional<String> run, Step step) implements LiveLine<W> {}

  /**
   * A line that cannot be read.
   *
   * @param message which line, what was found and what was expected
   */
  record Unreadable<W>(String message) implements LiveLine<W> {}
}
