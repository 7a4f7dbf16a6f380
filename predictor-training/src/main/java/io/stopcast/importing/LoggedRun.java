package io.stopcast.importing;

import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.time.Instant;

/** One run as a log tells of it: facts in any order, values in the order in which they were reported. */
public interface LoggedRun {
  /** Time of a value whose time is not known. */
  long NO_TIME = Long.MIN_VALUE;

  /**
   * A value of a metric.
   *
   * @param metric the tool's own name of it
   * @param step the tool's count
   * @param millis when, in milliseconds since 1970; {@link #NO_TIME} if not logged
   * @param value may be NaN or infinite
   */
  void value(String metric, long step, long millis, double value) throws IOException;

  /** What comes now was logged after the run was started again at this step. */
  void restart(long step) throws IOException;

  /** A hyper-parameter or another fact: a string, a boolean, a {@link Double} or a {@link Long}. */
  void parameter(String name, Object value);

  /** How it ended, as far as the log tells; without, {@link End#UNKNOWN}. */
  void end(End end);

  /**
   * That it went on at this step although a policy would have stopped it there. Told of several steps, the first one counts, and the smallest
   * probability.
   *
   * @param propensity how probable it was that it would go on as it did so far, above 0 and below 1
   */
  void exempt(long step, double propensity);

  /** When it began. */
  void started(Instant start);

  /** The step at which it was planned to end, in the tool's own count; not the last one that was logged. */
  void plannedStep(long last);

  /** The metric that the log names as what the run was judged by, and which way it gets better, if it says so. */
  void objective(String metric, Direction direction);

  /**
   * A metric that counts what the run has cost, in what unit: tokens, seconds, floating-point operations. It is no signal. Where there is
   * none, cost comes from the times of values, or else from steps.
   */
  void costMetric(String metric, String unit);

  /** How many reports of the objective were planned, where the log tells that rather than the last step. */
  void plannedPoints(long points);

  /** The planned cost at the end, in the unit of the cost metric. */
  void plannedCost(double cost);

  /** A metric that nobody could see while the run went on. Those whose names say that they are of test data are labels without this. */
  void label(String metric);
}
