package io.stopcast.importing;

import io.stopcast.history.Store;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What has been told of a run so far; its values lie in the database. */
final class StagedRun implements LoggedRun {
  static final int NO_METRIC = -1;

  final int number;
  final Origin origin;
  final Duplicates duplicates;
  final String name;
  final Map<String, Object> parameters = new TreeMap<>();
  final Set<String> labels = new TreeSet<>();
  final String source;
  String task;
  End end = End.UNKNOWN;
  Exemption exemption;
  Instant started;
  long plannedStep;
  long plannedPoints;
  double plannedCost = Double.NaN;
  Objective objective;
  int costMetric = NO_METRIC;
  String costUnit;
  int segment;
  long values;
  private final Map<String, Staging.Block> blocks = new HashMap<>();
  private final Staging staging;

  StagedRun(Staging staging, int number, Origin origin, Duplicates duplicates, String source, String task, String name) {
    this.staging = staging;
    this.number = number;
    this.origin = origin;
    this.duplicates = duplicates;
    this.source = source;
    this.task = task;
    this.name = name;
  }

  String key() {
    return Store.key(source, task, name);
  }

  @Override
  public void value(String metric, long step, long millis, double value) throws IOException {
    values++;
    Staging.Block block = blocks.get(metric);
    if (block == null) {
      block = staging.block(this, metric);
      if (block == null) {
        return;
      }
      blocks.put(metric, block);
    }
    block.add(step, millis, value);
  }

  @Override
  public void restart(long step) throws IOException {
    for (Staging.Block block : blocks.values()) {
      block.write();
    }
    staging.restart(this, step);
    segment++;
    exemption = exemption == null || exemption.step() >= step ? null : exemption;
  }

  /** Forgets the metrics that it has met, so that memory does not grow with their number. */
  void letGo() {
    blocks.clear();
  }

  @Override
  public void parameter(String parameter, Object value) {
    // One kind of number, as in the canonical form.
    parameters.put(parameter, value instanceof Number number ? (Object) number.doubleValue() : value);
  }

  @Override
  public void end(End how) {
    end = how;
  }

  @Override
  public void exempt(long step, double propensity) {
    exemption =
        exemption == null
            ? new Exemption(step, propensity)
            : new Exemption(exemption.step(), Math.min(exemption.propensity(), propensity));
  }

  @Override
  public void started(Instant start) {
    started = start;
  }

  @Override
  public void plannedStep(long last) {
    plannedStep = last;
  }

  @Override
  public void objective(String metric, Direction direction) {
    objective = new Objective(metric, direction);
  }

  @Override
  public void costMetric(String metric, String unit) {
    costMetric = staging.metric(metric);
    costUnit = unit;
  }

  @Override
  public void plannedPoints(long points) {
    plannedPoints = points;
  }

  @Override
  public void plannedCost(double cost) {
    plannedCost = cost;
  }

  @Override
  public void label(String metric) {
    labels.add(metric);
  }
}
