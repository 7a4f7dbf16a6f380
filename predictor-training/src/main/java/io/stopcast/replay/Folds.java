package io.stopcast.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** How a split divides a list of runs: each is judged at most once, by what was learned from others. */
public final class Folds {
  private final List<ScoredRun> runs;
  private final List<Fold> folds;
  private final int[] leftOut;
  private final String why;

  /** Judges every run that is in some fold. */
  Folds(List<ScoredRun> runs, List<Fold> folds) {
    this(runs, folds, new int[0], "");
  }

  /**
   * @param leftOut positions of runs about which the split cannot ask
   * @param why what they lack, as the end of a sentence
   */
  Folds(List<ScoredRun> runs, List<Fold> folds, int[] leftOut, String why) {
    this.runs = runs;
    this.folds = folds.stream().filter(fold -> fold.judged().length > 0 && fold.training().length > 0).toList();
    this.leftOut = leftOut;
    this.why = why;
  }

  /** The turns in which there is something to learn from and something to judge. */
  public List<Fold> folds() {
    return folds;
  }

  /** All runs, to which positions refer. */
  List<ScoredRun> runs() {
    return runs;
  }

  /** The positions of all judged runs, ascending. */
  int[] judged() {
    return folds.stream().flatMapToInt(fold -> Arrays.stream(fold.judged())).sorted().toArray();
  }

  /** About which runs the split cannot ask. */
  public LeftOut leftOut() {
    long tasks = Arrays.stream(leftOut).mapToObj(r -> runs.get(r).task()).distinct().count();
    return new LeftOut(leftOut.length, (int) tasks, why);
  }

  /** The same turns, judging only those of the runs that are wanted; the others are learned from all the same. */
  public Folds judging(Predicate<ScoredRun> wanted) {
    List<Fold> fewer = new ArrayList<>();
    for (Fold fold : folds) {
      fewer.add(new Fold(fold.training(), those(wanted, fold.judged())));
    }
    return new Folds(runs, fewer, those(wanted, leftOut), why);
  }

  private int[] those(Predicate<ScoredRun> wanted, int[] positions) {
    return Arrays.stream(positions).filter(r -> wanted.test(runs.get(r))).toArray();
  }
}
