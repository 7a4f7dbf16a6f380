package io.stopcast.inspect;

import io.stopcast.history.TaskId;
import io.stopcast.label.Hindsight;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Chooses judged runs that are worth looking at: those that speak most for and against the learned policy, and some that nobody chose. */
public final class Examples {
  /** How many of each kind, each of another task as far as there are so many. */
  private static final int EACH = 12;

  /** How many a price in all; beyond the kinds these are random runs, every task in turn. */
  private static final int MOST = 240;

  /** Regret that counts as none. */
  private static final double NONE = .005;

  /** Why a run was chosen. */
  public enum Kind {
    /** Saved most without a loss: stopped with a regret of at most .005. */
    BEST_SAVE("best save"),
    /** What was lost, less what was saved at the price, is largest. */
    WORST_HARM("worst harm"),
    /** Stopped with a loss that what was saved just about pays for. */
    BORDERLINE("borderline"),
    /** Drawn at random. */
    SAMPLE("random sample");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * @param run its position among the judged runs
   * @param kinds why it was chosen; at least one
   */
  public record Example(int run, Set<Kind> kinds) {}

  private Examples() {}

  /** Returns the examples at a price, by their position; the same for the same results. */
  public static List<Example> of(Results results, int price) {
    List<ScoredRun> runs = results.runs();
    double worth = results.prices()[price];
    double[] regret = new double[runs.size()];
    double[] saved = new double[runs.size()];
    for (int r = 0; r < regret.length; r++) {
      Hindsight hindsight = runs.get(r).hindsight();
      int stop = results.stop(Results.LEARNED, price, r);
      regret[r] = hindsight.regret()[stop];
      saved[r] = 1 - hindsight.share()[stop];
    }
    Map<Integer, Set<Kind>> chosen = new TreeMap<>();
    IntToDoubleFunction loss = r -> regret[r] - worth * saved[r];
    choose(Kind.BEST_SAVE, runs, r -> saved[r] > 0 && regret[r] <= NONE, r -> -saved[r], chosen);
    choose(Kind.WORST_HARM, runs, r -> loss.applyAsDouble(r) > 0, r -> -loss.applyAsDouble(r), chosen);
    choose(
        Kind.BORDERLINE, runs, r -> saved[r] > 0 && regret[r] > NONE, r -> Math.abs(loss.applyAsDouble(r)), chosen);
    choose(Kind.SAMPLE, runs, r -> true, r -> Draw.of(runs.get(r)), chosen);
    sampleTasks(runs, chosen);
    return chosen.entrySet().stream().map(entry -> new Example(entry.getKey(), entry.getValue())).toList();
  }

  private static void choose(
      Kind kind, List<ScoredRun> runs, IntPredicate wanted, IntToDoubleFunction rank, Map<Integer, Set<Kind>> chosen) {
    List<Integer> ranked =
        IntStream.range(0, runs.size())
            .filter(wanted)
            .boxed()
            .sorted(Comparator.comparingDouble(rank::applyAsDouble))
            .toList();
    Set<TaskId> seen = new HashSet<>();
    List<Integer> first = new ArrayList<>(ranked.stream().filter(r -> seen.add(runs.get(r).task())).limit(EACH).toList());
    ranked.stream().filter(r -> !first.contains(r)).limit(EACH - first.size()).forEach(first::add);
    first.forEach(r -> chosen.computeIfAbsent(r, x -> EnumSet.noneOf(Kind.class)).add(kind));
  }

  /** Fills up with random runs, a round of all tasks after the other. */
  private static void sampleTasks(List<ScoredRun> runs, Map<Integer, Set<Kind>> chosen) {
    Map<TaskId, List<Integer>> byTask = new TreeMap<>();
    for (int r = 0; r < runs.size(); r++) {
      byTask.computeIfAbsent(runs.get(r).task(), task -> new ArrayList<>()).add(r);
    }
    byTask.values().forEach(of -> of.sort(Comparator.comparingInt(r -> Draw.of(runs.get(r)))));
    int longest = byTask.values().stream().mapToInt(List::size).max().orElse(0);
    for (int round = 0; round < longest; round++) {
      for (List<Integer> of : byTask.values()) {
        if (chosen.size() >= MOST) {
          return;
        }
        if (round < of.size()) {
          chosen.computeIfAbsent(of.get(round), x -> EnumSet.of(Kind.SAMPLE));
        }
      }
    }
  }
}
