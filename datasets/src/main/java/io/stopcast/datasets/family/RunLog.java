package io.stopcast.datasets.family;

import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Collects what a run shows, point by point: the values that a stopping rule may see, the label that judges it, and the
 * processor time that the run's thread has taken since the log was made.
 *
 * <p>Values beyond a million on either side say no more than that the run has blown up; they are cut there, so that
 * nobody's arithmetic on a history overflows. NaN and infinite values stay out of their step.
 */
public final class RunLog {
  /** Processor seconds so far: the only value that differs when a run is trained again. */
  public static final String CPU_SECONDS = "cpu_seconds";

  private static final double HIGHEST = 1e6;

  private final String label;
  private final List<String> names;
  private final int objective;
  private final List<Step> steps = new ArrayList<>();
  private final List<Double> labels = new ArrayList<>();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long start = threads.getCurrentThreadCpuTime();
  private boolean diverged;

  /**
   * A log that is still empty.
   *
   * @param objective what the run is judged by; one of the signals
   * @param label the name of the value that may judge but not be seen
   * @param signals the names of all that may be seen
   */
  public RunLog(Objective objective, String label, List<String> signals) {
    this.label = label;
    this.names = Stream.concat(signals.stream(), Stream.of(CPU_SECONDS)).toList();
    this.objective = signals.indexOf(objective.metric());
    if (this.objective < 0) {
      throw new IllegalArgumentException("the objective '" + objective.metric() + "' should be one of " + signals);
    }
  }

  /**
   * Adds the next point. A run whose objective is NaN or infinite at any point ends as diverged.
   *
   * @param cost what the run has cost so far, in its unit
   * @param labelled the label's value
   * @param values those of the signals, in their order
   */
  public void point(double cost, double labelled, double... values) {
    if (values.length != names.size() - 1) {
      throw new IllegalArgumentException("expected values of " + names + ", but there are " + values.length);
    }
    double[] kept = new double[names.size()];
    for (int i = 0; i < values.length; i++) {
      kept[i] = cut(values[i]);
    }
    kept[values.length] = Math.rint((threads.getCurrentThreadCpuTime() - start) / 1e6) / 1e3;
    diverged |= !Double.isFinite(values[objective]);
    steps.add(Step.of(steps.size() + 1L, cost, names, kept));
    labels.add(cut(labelled));
  }

  /** The point that was added last. */
  public Step last() {
    return steps.get(steps.size() - 1);
  }

  /** The run, at its planned end. */
  public Run toRun(RunContext context) {
    return toRun(context, diverged ? End.DIVERGED : End.COMPLETED);
  }

  /** The run, however it ended. */
  public Run toRun(RunContext context, End end) {
    return new Run(context, steps, Map.of(label, labels.stream().mapToDouble(Double::doubleValue).toArray()), end);
  }

  private static double cut(double value) {
    return Double.isFinite(value) ? Math.max(-HIGHEST, Math.min(value, HIGHEST)) : Double.NaN;
  }
}
