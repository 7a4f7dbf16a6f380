package io.stopcast.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A recorded run: what was known at its start, what it showed on its way, what it was judged by, and how it ended.
 *
 * <p>A policy is only ever shown {@link #context()} and {@link #steps()}. The labels, known to history alone, lie apart.
 *
 * @param context what was known at the start
 * @param steps what a live observer would have seen, in order of their index
 * @param labels values that exist in history only (test metrics), by name, one for each step, NaN where absent
 * @param end how it ended
 * @param exemption that it was let go on where a policy would have stopped it; empty if nothing would have, or nobody knows
 */
public record Run(
    RunContext context, List<Step> steps, Map<String, double[]> labels, End end, Optional<Exemption> exemption) {
  public Run {
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(end, "end");
    Objects.requireNonNull(exemption, "exemption");
    steps = List.copyOf(steps);
    labels = Map.copyOf(labels);
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).index() <= steps.get(i - 1).index()) {
        throw new IllegalArgumentException(
            "the steps of run '%s' must increase, but step %d follows step %d"
                .formatted(context.run(), steps.get(i).index(), steps.get(i - 1).index()));
      }
    }
  }

  public Run(RunContext context, List<Step> steps, Map<String, double[]> labels, End end) {
    this(context, steps, labels, end, Optional.empty());
  }

  public Run(RunContext context, List<Step> steps, End end) {
    this(context, steps, Map.of(), end);
  }

  /** The same run, of which something else was known at its start. */
  public Run with(RunContext other) {
    return new Run(other, steps, labels, end, exemption);
  }

  /** The same run, of which it is known that it was exempt. */
  public Run with(Exemption known) {
    return new Run(context, steps, labels, end, Optional.of(known));
  }
}
