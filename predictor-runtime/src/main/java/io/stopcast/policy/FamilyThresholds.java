package io.stopcast.policy;

import java.util.Map;
import java.util.TreeMap;

/**
 * Thresholds of families of runs for which a limit was certified by itself; all others are stopped by the general ones.
 *
 * @param known by family, for runs of tasks with a history; infinite for never
 * @param alone the same for runs of tasks that have next to none
 */
public record FamilyThresholds(Map<String, Double> known, Map<String, Double> alone) {
  /** No family has any. */
  public static final FamilyThresholds NONE = new FamilyThresholds(Map.of(), Map.of());

  public FamilyThresholds {
    known = Map.copyOf(known);
    alone = Map.copyOf(alone);
    known.values().forEach(LearnedPolicy::requireProbability);
    alone.values().forEach(LearnedPolicy::requireProbability);
  }

  /** From which score on a run of a family is stopped. */
  double thresholdFor(String family, boolean withHistory, double otherwise) {
    return (withHistory ? known : alone).getOrDefault(family, otherwise);
  }

  /** The same thresholds always give the same text. */
  @Override
  public String toString() {
    return "families " + new TreeMap<>(known) + ", alone " + new TreeMap<>(alone);
  }
}
