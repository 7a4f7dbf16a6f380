package io.stopcast.replay;

import io.stopcast.history.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which runs are held out together. */
public enum Split {
  /** A share of the runs of every task. The runs of one configuration, see {@link Configurations}, stay together. */
  KNOWN_TASK("known", "configurations") {
    @Override
    public int[] assign(List<ScoredRun> runs, int folds, long seed) {
      Configurations configurations = new Configurations(runs);
      return runs.stream()
          .mapToInt(run -> Math.floorMod(mix(configurations.of(run).hashCode() + seed), folds))
          .toArray();
    }
  },

  /** Whole tasks, near-duplicates together; see {@link #dataOf}. */
  UNSEEN_TASK("unseen-task", "unrelated tasks") {
    @Override
    public int[] assign(List<ScoredRun> runs, int folds, long seed) {
      Map<String, Integer> foldOf = new TreeMap<>();
      Map<String, Set<TaskId>> tasksOfData = new TreeMap<>();
      runs.forEach(run -> tasksOfData.computeIfAbsent(dataOf(run), d -> new TreeSet<>()).add(run.task()));
      // Largest groups first and each into the emptiest fold, so that folds hold about the same number of tasks.
      List<String> groups = new ArrayList<>(tasksOfData.keySet());
      Collections.shuffle(groups, new Random(seed));
      groups.sort((a, b) -> tasksOfData.get(b).size() - tasksOfData.get(a).size());
      int[] tasks = new int[folds];
      for (String group : groups) {
        int emptiest = 0;
        for (int k = 1; k < folds; k++) {
          if (tasks[k] < tasks[emptiest]) {
            emptiest = k;
          }
        }
        foldOf.put(group, emptiest);
        tasks[emptiest] += tasksOfData.get(group).size();
      }
      return runs.stream().mapToInt(run -> foldOf.get(dataOf(run))).toArray();
    }
  },

  /** Whole sources, each by itself; those that share the first part of their name, such as {@code wild-}, are one. */
  UNSEEN_SOURCE("unseen-source", "sources") {
    @Override
    public int[] assign(List<ScoredRun> runs, int folds, long seed) {
      List<String> sources = runs.stream().map(Split::sourceOf).distinct().sorted().toList();
      return runs.stream().mapToInt(run -> sources.indexOf(sourceOf(run))).toArray();
    }

    @Override
    public int wanted(List<ScoredRun> runs, int folds) {
      return (int) runs.stream().map(Split::sourceOf).distinct().count();
    }
  };

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private final String word;
  private final String holdsOut;

  Split(String word, String holdsOut) {
    this.word = word;
    this.holdsOut = holdsOut;
  }

  /** The name that the command line uses. */
  public String word() {
    return word;
  }

  /** What it holds out whole, in the plural. */
  public String holdsOut() {
    return holdsOut;
  }

  public static Split of(String word) {
    return Arrays.stream(values())
        .filter(split -> split.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no split '%s'; there are %s"
                        .formatted(word, Arrays.stream(values()).map(Split::word).toList())));
  }

  /** Returns for each run the fold, within 0..folds-1, in which it is held out. */
  public abstract int[] assign(List<ScoredRun> runs, int folds, long seed);

  /** Into how many folds so many are wanted this splits. */
  public int wanted(List<ScoredRun> runs, int folds) {
    return folds;
  }

  private static String sourceOf(ScoredRun run) {
    String source = run.task().source();
    int dash = source.indexOf('-');
    return dash < 0 ? source : source.substring(0, dash);
  }

  /** Returns in how many of the folds there is anything to hold out. */
  public int folds(List<ScoredRun> runs, int folds, long seed) {
    return (int) Arrays.stream(assign(runs, folds, seed)).distinct().count();
  }

  /** Returns the runs whose fold is, or is not, the given one. */
  public static List<ScoredRun> select(List<ScoredRun> runs, int[] foldOf, int fold, boolean held) {
    List<ScoredRun> selected = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      if ((foldOf[i] == fold) == held) {
        selected.add(runs.get(i));
      }
    }
    return selected;
  }

  /**
   * Returns what a task was trained on, as far as can be told: the context's {@code dataset}, or else the first word of
   * the last part of the task's name. Tasks that agree in it are near-duplicates.
   */
  static String dataOf(ScoredRun run) {
    Object dataset = run.run().context().parameters().get("dataset");
    if (dataset != null) {
      return run.task().source() + '/' + dataset;
    }
    String task = run.task().task();
    Matcher word = WORD.matcher(task.substring(task.lastIndexOf('/') + 1));
    return run.task().source() + '/' + (word.find() ? word.group() : task);
  }

  /** Spreads consecutive hash codes (Murmur3's finaliser). */
  private static int mix(long seeded) {
    int h = Long.hashCode(seeded);
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
