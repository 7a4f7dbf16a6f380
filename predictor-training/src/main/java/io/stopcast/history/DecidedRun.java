package io.stopcast.history;

import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run of a decision log, as far as the log tells: of its metrics the objective alone, and none of its hyper-parameters.
 *
 * @param model the version that decided, as the trainer named it
 * @param sha256 of that model's file; empty if the log does not say
 * @param price at which it decided; NaN if the log does not say
 * @param kept the limit that it was to keep; empty if none
 * @param exploring how chance decided whether it might be stopped; empty if it did not, as far as the log says
 * @param shadow whether the run went on whatever was decided
 * @param complete whether all lines of the run are there
 * @param end as the log says; unknown if it does not
 * @param points in their order
 */
public record DecidedRun(
    RunContext context,
    String model,
    String sha256,
    double price,
    Optional<ShadowRun.Kept> kept,
    Optional<Exploring> exploring,
    boolean shadow,
    boolean complete,
    End end,
    List<Point> points) {

  /**
   * A draw before the run began.
   *
   * @param stopProbability how probable it was that stops would be carried out, above 0 and at most 1
   * @param exempt whether they were not to be
   */
  public record Exploring(double stopProbability, boolean exempt) {
    public Exploring {
      if (!(stopProbability > 0 && stopProbability <= 1) || exempt && stopProbability == 1) {
        throw new IllegalArgumentException(
            "stops are carried out with a probability above 0 and at most 1, where no run is exempt, but it was %s, exempt: %s"
                .formatted(stopProbability, exempt));
      }
    }
  }

  /**
   * A step that reported the objective, and what was decided there.
   *
   * @param cost NaN if unknown
   * @param value NaN where the metric was no finite number, which a log cannot write
   * @param score NaN where the model was not asked
   * @param threshold NaN where no model was at hand
   * @param by model, fallback or budget; empty if the log does not say
   * @param reason of the run's first stop; else empty
   */
  public record Point(long step, double cost, double value, double score, double threshold, String by, boolean stop, String reason) {}

  public DecidedRun {
    points = List.copyOf(points);
  }

  /** The position of the first point at which it said stop. */
  public OptionalInt stop() {
    for (int t = 0; t < points.size(); t++) {
      if (points.get(t).stop) {
        return OptionalInt.of(t);
      }
    }
    return OptionalInt.empty();
  }

  /** The position of the first point, before the last one, at which the model's score says stop, whether or not it was carried out. */
  public OptionalInt wanted() {
    for (int t = 0; t < points.size() - 1; t++) {
      if (points.get(t).score >= points.get(t).threshold && !Double.isNaN(points.get(t).value)) {
        return OptionalInt.of(t);
      }
    }
    return OptionalInt.empty();
  }

  /** The points as a run, with the end that the log tells. Costs that are unknown or shrink count for nothing: each point costs the same then. */
  public Run run() {
    boolean hasCosts = true;
    double spent = 0;
    for (Point point : points) {
      hasCosts &= Double.isFinite(point.cost) && point.cost >= spent;
      spent = point.cost;
    }
    List<Step> steps = new ArrayList<>();
    for (int t = 0; t < points.size(); t++) {
      Point point = points.get(t);
      steps.add(Step.of(point.step, hasCosts ? point.cost : t + 1, context.objective().metric(), point.value));
    }
    return new Run(context, steps, end);
  }
}
