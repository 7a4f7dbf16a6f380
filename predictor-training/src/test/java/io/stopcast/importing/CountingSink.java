package io.stopcast.importing;

import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.time.Instant;

/** A sink that keeps nothing but how many values came, and their sum, so that nobody can leave out making them. */
final class CountingSink implements LogSink, LoggedRun {
  long values;
  double sum;
  long skipped;

  @Override
  public LoggedRun run(String task, String run) {
    return this;
  }

  @Override
  public void skipped(String where, String why) {
    skipped++;
  }

  @Override
  public void repaired(String where, String what) {}

  @Override
  public void value(String metric, long step, long millis, double value) {
    values++;
    sum += value + metric.length() + step;
  }

  @Override
  public void restart(long step) {}

  @Override
  public void parameter(String name, Object value) {}

  @Override
  public void end(End end) {}

  @Override
  public void exempt(long step, double propensity) {}

  @Override
  public void started(Instant start) {}

  @Override
  public void plannedStep(long last) {}

  @Override
  public void objective(String metric, Direction direction) {}

  @Override
  public void plannedPoints(long points) {}

  @Override
  public void plannedCost(double cost) {}

  @Override
  public void label(String metric) {}

  @Override
  public LoggedRun run(String source, String task, String run) throws IOException {
    return run(task, run);
  }

  @Override
  public void costMetric(String metric, String unit) {}
}
