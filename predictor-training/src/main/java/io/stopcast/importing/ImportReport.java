package io.stopcast.importing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an import read, left out and mended, and why.
 *
 * @param places by file or folder, in the order in which they were read
 * @param unknown files that no reader knows
 * @param tasks what is known now of the tasks that were met
 * @param runs how many runs were read whole
 * @param unchanged how many of them stand in the store already, the same to the last bit
 * @param replaced how many stand in it with another content, which is no longer read
 * @param notes what holds for the whole import
 * @param written the file that was added to the store; none on a dry run and where nothing was new
 */
public record ImportReport(
    List<Place> places,
    List<Path> unknown,
    List<Task> tasks,
    int runs,
    int unchanged,
    int replaced,
    List<String> notes,
    Optional<Path> written) {

  /**
   * What became of a file or folder.
   *
   * @param skipped what was left out, and why; the first of each kind of place, see {@code leftOut}
   * @param leftOut how many things were left out
   * @param repaired what was mended
   * @param fault why nothing more could be read from some point on
   */
  public record Place(
      String path,
      String format,
      int runs,
      long values,
      List<String> skipped,
      long leftOut,
      List<String> repaired,
      long mended,
      Optional<String> fault) {}

  /**
   * A task.
   *
   * @param objective what its runs are judged by, such as {@code val_loss:min}
   * @param guessed whether that was guessed from the metrics' names
   * @param medianPoints of the objective, over its runs
   * @param ends how many runs ended how
   * @param warnings what matters for training
   */
  public record Task(
      String source,
      String task,
      String objective,
      boolean guessed,
      int runs,
      long medianPoints,
      long mostPoints,
      Map<String, Integer> ends,
      List<String> warnings) {}

  /** Whether something that was recognised did not go in. */
  public boolean isIncomplete() {
    return places.stream().anyMatch(place -> place.leftOut > 0 || place.fault.isPresent());
  }
}
