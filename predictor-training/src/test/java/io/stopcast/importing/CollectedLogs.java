package io.stopcast.importing;

import io.stopcast.run.Direction;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A sink that keeps all it is told, for tests to look at. */
final class CollectedLogs implements LogSink {
  final Map<String, Collected> runs = new LinkedHashMap<>();
  final List<String> skipped = new ArrayList<>();
  final List<String> repaired = new ArrayList<>();

  /** What a reader finds at a path. */
  static CollectedLogs of(LogReader reader, Path path) throws IOException {
    CollectedLogs logs = new CollectedLogs();
    reader.read(LogPlace.of(path), logs);
    return logs;
  }

  record Value(String metric, long step, long millis, double value) {}

  @Override
  public Collected run(String task, String run) {
    return runs.computeIfAbsent(task + " | " + run, key -> new Collected());
  }

  @Override
  public Collected run(String source, String task, String run) {
    return run(source + " | " + task, run);
  }

  @Override
  public void skipped(String where, String why) {
    skipped.add(where + ": " + why);
  }

  @Override
  public void repaired(String where, String what) {
    repaired.add(where + ": " + what);
  }

  /** The only run that was met. */
  Collected only() {
    if (runs.size() != 1) {
      throw new AssertionError("expected one run, found " + runs.keySet() + ", skipped " + skipped);
    }
    return runs.values().iterator().next();
  }

  static final class Collected implements LoggedRun {
    final List<Value> values = new ArrayList<>();
    /** Each restart as "step after how many values". */
    final List<String> restarts = new ArrayList<>();
    final Map<String, Object> parameters = new LinkedHashMap<>();
    End end = End.UNKNOWN;
    /** Each as "step with propensity". */
    final List<String> exempt = new ArrayList<>();
    Instant started;
    long planned;
    long plannedPoints;
    double plannedCost = Double.NaN;
    final List<String> labels = new ArrayList<>();
    String objective;
    String cost;

    /** The metric's values as {@code step=value}, in the order in which they came. */
    List<String> curve(String metric) {
      return values.stream().filter(v -> v.metric.equals(metric)).map(v -> v.step + "=" + v.value).toList();
    }

    List<String> metrics() {
      return values.stream().map(Value::metric).distinct().toList();
    }

    @Override
    public void value(String metric, long step, long millis, double value) {
      values.add(new Value(metric, step, millis, value));
    }

    @Override
    public void restart(long step) {
      restarts.add(step + " after " + values.size());
    }

    @Override
    public void parameter(String name, Object value) {
      parameters.put(name, value);
    }

    @Override
    public void end(End how) {
      end = how;
    }

    @Override
    public void exempt(long step, double propensity) {
      exempt.add(step + " with " + propensity);
    }

    @Override
    public void started(Instant start) {
      started = start;
    }

    @Override
    public void plannedStep(long last) {
      planned = last;
    }

    @Override
    public void objective(String metric, Direction direction) {
      objective = metric + " " + direction;
    }

    @Override
    public void costMetric(String metric, String unit) {
      cost = metric + " in " + unit;
    }

    @Override
    public void plannedPoints(long points) {
      plannedPoints = points;
    }

    @Override
    public void plannedCost(double planned) {
      plannedCost = planned;
    }

    @Override
    public void label(String metric) {
      labels.add(metric);
    }
  }
}
