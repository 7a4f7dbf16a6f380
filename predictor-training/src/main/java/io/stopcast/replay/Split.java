package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.run.End;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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

    /** A task is known where a run of another configuration was there to learn from; other runs are not judged. */
    @Override
    public Folds folds(List<ScoredRun> runs, int folds, long seed) {
      List<Fold> known = new ArrayList<>();
      List<Integer> leftOut = new ArrayList<>();
      for (Fold fold : super.folds(runs, folds, seed).folds()) {
        Set<TaskId> tasks = new HashSet<>();
        Fold.select(runs, fold.training()).forEach(run -> tasks.add(run.task()));
        known.add(
            new Fold(fold.training(), Arrays.stream(fold.judged()).filter(r -> tasks.contains(runs.get(r).task())).toArray()));
        Arrays.stream(fold.judged()).filter(r -> !tasks.contains(runs.get(r).task())).forEach(leftOut::add);
      }
      return new Folds(
          runs,
          known,
          leftOut.stream().mapToInt(Integer::intValue).toArray(),
          "have no run of another configuration of their task to learn from, so that unseen-task is what judges them");
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
      return (int) Math.max(2, runs.stream().map(Split::sourceOf).distinct().count());
    }
  },

  /**
   * What came later, by the date at which runs started, see {@link RunDate}: in blocks of about the same number of runs,
   * each judged by all that came before. Runs of one date stay together. A configuration may have been run before, as it may
   * be in practice; runs without a date are not even learned from, for they may be later.
   */
  TIME("time", "blocks of dates after the first") {
    @Override
    public int[] assign(List<ScoredRun> runs, int folds, long seed) {
      return Arrays.stream(blocks(runs, folds)).map(block -> Math.max(-1, block - 1)).toArray();
    }

    /** Counted from 0; -1 without a date. */
    private int[] blocks(List<ScoredRun> runs, int folds) {
      TreeMap<Instant, List<Integer>> byDate = new TreeMap<>();
      for (int r = 0; r < runs.size(); r++) {
        int position = r;
        RunDate.of(runs.get(r).run().context())
            .ifPresent(date -> byDate.computeIfAbsent(date, d -> new ArrayList<>()).add(position));
      }
      int dated = byDate.values().stream().mapToInt(List::size).sum();
      int[] blocks = new int[runs.size()];
      Arrays.fill(blocks, -1);
      int block = -1;
      int before = 0;
      long last = -1;
      for (List<Integer> ofDate : byDate.values()) {
        long even = (long) before * (folds + 1) / dated; // where it would lie in blocks of one length
        block += even > last ? 1 : 0;
        last = even;
        for (int r : ofDate) {
          blocks[r] = block;
        }
        before += ofDate.size();
      }
      return blocks;
    }

    @Override
    public Folds folds(List<ScoredRun> runs, int folds, long seed) {
      int[] blocks = blocks(runs, folds);
      List<Fold> rolling =
          IntStream.rangeClosed(1, Math.max(1, Arrays.stream(blocks).max().orElse(0)))
              .mapToObj(
                  block ->
                      new Fold(
                          positions(blocks, b -> b >= 0 && b < block), positions(blocks, b -> b == block)))
              .toList();
      return new Folds(
          runs, rolling, positions(blocks, b -> b < 0), "have no date, neither as 'started' in their context nor in their name");
    }

    @Override
    public int wanted(List<ScoredRun> runs, int folds) {
      return 2;
    }
  },

  /**
   * Runs that ended at their target: a fifth of the configurations that have such, of which all other runs are held out as
   * well. Whoever stops such a run before a later gain gives up a success.
   */
  SUCCESS("success", "configurations that reached their target") {
    @Override
    public int[] assign(List<ScoredRun> runs, int folds, long seed) {
      Configurations configurations = new Configurations(runs);
      List<String> successful =
          new ArrayList<>(runs.stream().filter(Split::reachedTarget).map(configurations::of).distinct().sorted().toList());
      Collections.shuffle(successful, new Random(seed));
      Set<String> held = new HashSet<>(successful.subList(0, (successful.size() + 4) / 5));
      return runs.stream().mapToInt(run -> held.contains(configurations.of(run)) ? 0 : -1).toArray();
    }

    @Override
    public Folds folds(List<ScoredRun> runs, int folds, long seed) {
      return super.folds(runs, folds, seed).judging(Split::reachedTarget);
    }

    @Override
    public int wanted(List<ScoredRun> runs, int folds) {
      return 1;
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

  /** Returns for each run the fold, within 0..folds-1, in which it is held out; -1 for one that never is. */
  public abstract int[] assign(List<ScoredRun> runs, int folds, long seed);

  /** Returns what each fold learns from and judges: at most so many folds, and none in which there is nothing to do. */
  public Folds folds(List<ScoredRun> runs, int folds, long seed) {
    int[] foldOf = assign(runs, folds, seed);
    return new Folds(
        runs,
        IntStream.rangeClosed(0, Arrays.stream(foldOf).max().orElse(-1)).mapToObj(fold -> Fold.of(foldOf, fold)).toList());
  }

  /** How many folds it takes for an answer, where so many are asked for. */
  public int wanted(List<ScoredRun> runs, int folds) {
    return folds;
  }

  /** Returns in how many of the folds there is anything to hold out. */
  public int available(List<ScoredRun> runs, int folds, long seed) {
    return (int) Arrays.stream(assign(runs, folds, seed)).filter(fold -> fold >= 0).distinct().count();
  }

  private static String sourceOf(ScoredRun run) {
    String source = run.task().source();
    int dash = source.indexOf('-');
    return dash < 0 ? source : source.substring(0, dash);
  }

  private static boolean reachedTarget(ScoredRun run) {
    return run.run().end() == End.TARGET;
  }

  private static int[] positions(int[] blocks, IntPredicate wanted) {
    return IntStream.range(0, blocks.length).filter(r -> wanted.test(blocks[r])).toArray();
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
  public static String dataOf(ScoredRun run) {
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
