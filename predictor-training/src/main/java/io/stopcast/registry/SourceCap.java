package io.stopcast.registry;

import io.stopcast.replay.ScoredRun;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many runs of a source are used at most, so that none outweighs all others, whatever it is fed with: those of the smallest draws, by a hash of
 * their names.
 */
public record SourceCap(int most) {
  public SourceCap {
    if (most < 1) {
      throw new IllegalArgumentException("at least 1 run of a source is used, but was to be " + most);
    }
  }

  /** The runs that are used, in their order. */
  public List<ScoredRun> of(List<ScoredRun> runs) {
    Map<String, List<ScoredRun>> bySource = runs.stream().collect(Collectors.groupingBy(run -> run.task().source()));
    Set<ScoredRun> used = new HashSet<>();
    bySource.values().forEach(of -> of.stream().sorted(Comparator.comparing(RunSet::draw)).limit(most).forEach(used::add));
    return runs.stream().filter(used::contains).toList();
  }

  /** How many runs of each source are not used; sources of which all are used are missing. */
  public Map<String, Integer> leftOut(List<ScoredRun> runs) {
    Map<String, Integer> counts = new HashMap<>();
    runs.forEach(run -> counts.merge(run.task().source(), 1, Integer::sum));
    Map<String, Integer> leftOut = new TreeMap<>();
    counts.forEach(
        (source, count) -> {
          if (count > most) {
            leftOut.put(source, count - most);
          }
        });
    return leftOut;
  }
}
