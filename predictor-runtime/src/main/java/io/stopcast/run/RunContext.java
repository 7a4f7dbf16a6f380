package io.stopcast.run;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What is known about a run when it starts.
 *
 * @param source where its history comes from: a lab, a tracker, a project
 * @param task what is trained on what; runs of one task share a metric and are comparable
 * @param run the run's name, unique within source and task
 * @param objective what it is judged by
 * @param horizon how long it is planned to be
 * @param costUnit what its cost counts: tokens, seconds, epochs
 * @param parameters hyper-parameters and other facts: strings, booleans, {@link Double} or {@link Long}
 */
public record RunContext(
    String source,
    String task,
    String run,
    Objective objective,
    Horizon horizon,
    String costUnit,
    Map<String, Object> parameters) {
  public RunContext {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(horizon, "horizon");
    Objects.requireNonNull(costUnit, "costUnit");
    // Sorted, so that whatever walks over them does so in the same order on every machine.
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
  }

  /** A run of which only the objective is known. */
  public static RunContext of(Objective objective) {
    return new RunContext("live", "unnamed", "unnamed", objective, Horizon.UNKNOWN, "steps", Map.of());
  }

  /** What kind of run it counts as where results are told, or limits kept, by family: the parameter {@code family}, or else the source. */
  public String family() {
    Object named = parameters.get("family");
    return named == null ? source : named.toString();
  }

  public RunContext withHorizon(Horizon other) {
    return new RunContext(source, task, run, objective, other, costUnit, parameters);
  }

  public RunContext withObjective(Objective other) {
    return new RunContext(source, task, run, other, horizon, costUnit, parameters);
  }
}
