package io.stopcast.run;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One report of a run: where it is, what it has cost so far, and the signals that it shows.
 *
 * <p>The names are a list that all steps of a run may share, the values lie beside it, so that a history of millions of
 * steps fits into memory. Immutable; safe for any thread.
 */
public final class Step {
  private final long index;
  private final double cost;
  private final List<String> names;
  private final double[] values;

  private Step(long index, double cost, List<String> names, double[] values) {
    if (names.size() != values.length) {
      throw new IllegalArgumentException(
          "a step needs one value for each name, but has " + names.size() + " names and " + values.length + " values");
    }
    this.index = index;
    this.cost = cost;
    this.names = names;
    this.values = values;
  }

  /**
   * Returns a step that reports the given metrics.
   *
   * @param index the trainer's own count (epoch, iteration); increases within a run, may skip
   * @param cost what the run has cost from its start to here, in the run's unit; NaN if unknown
   * @param metrics what is reported; NaN and infinities are allowed
   */
  public static Step of(long index, double cost, Map<String, Double> metrics) {
    List<String> names = List.copyOf(metrics.keySet());
    double[] values = new double[names.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = metrics.get(names.get(i));
    }
    return new Step(index, cost, names, values);
  }

  /** Returns a step that reports one metric. */
  public static Step of(long index, double cost, String metric, double value) {
    return new Step(index, cost, List.of(metric), new double[] {value});
  }

  /**
   * Returns a step whose names are shared with others: {@code values[i]} belongs to {@code names.get(i)}. An
   * unmodifiable list is kept as it is, the array is copied.
   */
  public static Step of(long index, double cost, List<String> names, double... values) {
    return new Step(index, cost, List.copyOf(names), values.clone());
  }

  /** The trainer's own count: epoch, iteration, whatever increases. */
  public long index() {
    return index;
  }

  /** Cumulative cost from the start of the run, in the run's unit; NaN if unknown. */
  public double cost() {
    return cost;
  }

  /** The same step at another cost. */
  public Step withCost(double other) {
    return new Step(index, other, names, values);
  }

  /** The same step with one of its metrics alone; with none if it does not report that one. */
  public Step only(String metric) {
    return reports(metric) ? of(index, cost, metric, value(metric)) : of(index, cost, List.of());
  }

  /** The same step with another metric, or with another value of one that it reports. O(number of metrics) time and memory. */
  public Step with(String metric, double value) {
    int at = names.indexOf(metric);
    if (at >= 0) {
      double[] changed = values.clone();
      changed[at] = value;
      return new Step(index, cost, names, changed);
    }
    String[] more = names.toArray(new String[names.size() + 1]);
    more[names.size()] = metric;
    double[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return new Step(index, cost, List.of(more), longer);
  }

  /** The metrics that this step reports, in no particular order. */
  public List<String> names() {
    return names;
  }

  /** Returns the reported value, NaN if the metric is not reported or is NaN. O(number of metrics), allocates nothing. */
  public double value(String metric) {
    int i = names.indexOf(metric);
    return i < 0 ? Double.NaN : values[i];
  }

  public boolean reports(String metric) {
    return names.indexOf(metric) >= 0;
  }

  /**
   * A hash of what is reported: the same for the same names and values, whatever their order, index or cost. Tells a report
   * that came twice from two that share an index; allocates nothing.
   */
  public long fingerprint() {
    long sum = values.length;
    for (int i = 0; i < values.length; i++) {
      long one = names.get(i).hashCode() * 0x9e3779b97f4a7c15L ^ Double.doubleToLongBits(values[i]);
      one = (one ^ one >>> 32) * 0xd6e8feb86659fd93L; // the order must not count, so each is mixed before they are added
      sum += one ^ one >>> 32;
    }
    return sum;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("step ").append(index).append(" at cost ").append(cost).append(" {");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(names.get(i)).append('=').append(values[i]);
    }
    return text.append('}').toString();
  }
}
