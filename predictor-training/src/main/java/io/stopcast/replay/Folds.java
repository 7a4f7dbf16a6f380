package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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

  /**
   * One turn with its runs.
   *
   * @param training what was learned from, as a {@link Learner} is given it
   * @param judged what was judged by that
   */
  public record Turn(List<ScoredRun> training, List<ScoredRun> judged) {
    public Turn {
      training = List.copyOf(training);
      judged = List.copyOf(judged);
    }
  }

  /** The turns of {@link #folds()} with their runs: whoever remembers what was learned finds it again by the training part. */
  public List<Turn> turns() {
    return folds.stream()
        .map(fold -> new Turn(Fold.select(runs, fold.training()), Fold.select(runs, fold.judged())))
        .toList();
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

  /** The same turns, learning from at most so many random runs of each task; of fewer those that are among the more. */
  public Folds thinned(int most, long seed) {
    if (most < 1) {
      throw new IllegalArgumentException("a history is thinned to at least 1 run a task, but was to be to " + most);
    }
    return new Folds(
        runs, folds.stream().map(fold -> new Fold(thin(fold.training(), most, seed), fold.judged())).toList(), leftOut, why);
  }

  private int[] thin(int[] training, int most, long seed) {
    return byTask(training).values().stream()
        .flatMap(
            ofTask -> {
              Collections.shuffle(ofTask, new Random(seed));
              return ofTask.stream().limit(most);
            })
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /** The positions of each task's runs, in their order. */
  Map<TaskId, List<Integer>> byTask(int[] positions) {
    Map<TaskId, List<Integer>> byTask = new TreeMap<>();
    for (int r : positions) {
      byTask.computeIfAbsent(runs.get(r).task(), t -> new ArrayList<>()).add(r);
    }
    return byTask;
  }
}
