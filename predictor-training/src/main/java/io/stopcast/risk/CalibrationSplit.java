package io.stopcast.risk;

import io.stopcast.model.Promise;
import io.stopcast.replay.Configurations;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A history in two parts: what training may see, and what it must not, on which limits are certified afterwards.
 *
 * <p>Units are drawn at random, so that those which were drawn, those which were not and those which are still to come, if the
 * history goes on as it was, are exchangeable. First whole groups of near-duplicate tasks, if a promise is for new tasks; then
 * configurations of the tasks that are left, if one is for new runs. A quarter of the units is drawn, or twice as many as a limit would
 * need if no unit had any regret, whichever is more, but never more than half of them.
 *
 * @param training the runs that nobody drew, in their order
 * @param units of each kind that was asked for, the runs of each unit
 */
public record CalibrationSplit(List<ScoredRun> training, Map<Promise.Unit, List<List<ScoredRun>>> units) {
  /**
   * Divides a history.
   *
   * @param runs in any order: it decides the order of the training part and nothing else
   * @param kinds what promises are wanted for
   * @param needed how many units a limit needs at the least
   * @param seed decides what is drawn
   */
  public static CalibrationSplit of(List<ScoredRun> runs, Set<Promise.Unit> kinds, int needed, long seed) {
    List<ScoredRun> left = new ArrayList<>(runs);
    Map<Promise.Unit, List<List<ScoredRun>>> units = new EnumMap<>(Promise.Unit.class);
    if (kinds.contains(Promise.Unit.TASK)) {
      units.put(Promise.Unit.TASK, draw(left, Split::dataOf, needed, new Random(seed)));
    }
    if (kinds.contains(Promise.Unit.RUN)) {
      Configurations configurations = Configurations.bySettings(runs);
      units.put(Promise.Unit.RUN, draw(left, configurations::of, needed, new Random(seed + 1)));
    }
    return new CalibrationSplit(List.copyOf(left), units);
  }

  /** Draws units, and removes their runs. */
  private static List<List<ScoredRun>> draw(
      List<ScoredRun> left, Function<ScoredRun, String> unitOf, int needed, Random random) {
    List<List<ScoredRun>> units = grouped(left, unitOf);
    // A stopped run certifies nothing: units that have no other are not drawn, and of those that are its like are held out all the same.
    units.removeIf(unit -> unit.stream().allMatch(ScoredRun::isStopped));
    Collections.shuffle(units, random);
    int wanted = (int) Math.min(units.size() / 2, Math.max(units.size() / 4, 2L * needed));
    List<List<ScoredRun>> drawn = List.copyOf(units.subList(0, wanted));
    Set<ScoredRun> held = new HashSet<>();
    drawn.forEach(held::addAll);
    left.removeIf(held::contains);
    return drawn.stream().map(ScoredRun::complete).toList();
  }

  /** What would be units among these runs, each with those of its runs that came to their end. */
  static List<List<ScoredRun>> unitsOf(Promise.Unit kind, List<ScoredRun> runs) {
    return grouped(ScoredRun.complete(runs), kind == Promise.Unit.TASK ? Split::dataOf : Configurations.bySettings(runs)::of);
  }

  private static List<List<ScoredRun>> grouped(List<ScoredRun> runs, Function<ScoredRun, String> unitOf) {
    Map<String, List<ScoredRun>> byName = new TreeMap<>();
    runs.forEach(run -> byName.computeIfAbsent(unitOf.apply(run), name -> new ArrayList<>()).add(run));
    return new ArrayList<>(byName.values());
  }

  /** All runs that training must not see and that can be scored. */
  public List<ScoredRun> held() {
    return units.values().stream().flatMap(Collection::stream).flatMap(List::stream).toList();
  }
}
