package io.stopcast.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A recorded run: what was known at its start, what it showed on its way, what it was judged by, and how it ended.
 *
 * <p>A policy is only ever shown {@link #context()} and {@link #steps()}. The labels, known to history alone, lie apart.
 *
 * @param context what was known at the start
 * @param steps what a live observer would have seen, in order of their index
 * @param labels values that exist in history only (test metrics), by name, one for each step, NaN where absent
 * @param end how it ended
 */
public record Run(RunContext context, List<Step> steps, Map<String, double[]> labels, End end) {
  public Run {
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(end, "end");
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

  public Run(RunContext context, List<Step> steps, End end) {
    this(context, steps, Map.of(), end);
  }
}
