package io.stopcast.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One turn of a split, as positions in the list of runs that was split. A run may be in neither part.
 *
 * <p>The arrays are not copied: treat them as read-only.
 *
 * @param training what may be learned from and tuned on
 * @param judged what is judged after that
 */
public record Fold(int[] training, int[] judged) {
  /** Holds out the runs of that fold and learns from all others. */
  static Fold of(int[] foldOf, int fold) {
    return new Fold(
        IntStream.range(0, foldOf.length).filter(r -> foldOf[r] != fold).toArray(),
        IntStream.range(0, foldOf.length).filter(r -> foldOf[r] == fold).toArray());
  }

  /** The runs at these positions. */
  public static List<ScoredRun> select(List<ScoredRun> runs, int[] positions) {
    List<ScoredRun> selected = new ArrayList<>();
    for (int r : positions) {
      selected.add(runs.get(r));
    }
    return selected;
  }
}
