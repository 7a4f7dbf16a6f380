package io.stopcast.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * One metric made of several signals of a run, each of which has its own direction: what a policy may watch instead of the run's
 * objective, as in {@code policy.on(hybrid)}.
 *
 * <p>The combined value is always larger the better; {@link #objective()} says so. It is NaN at a step that lacks one of the signals,
 * or at which one is NaN or out of the formula's domain: signals are combined where they are reported together, and no value is carried
 * over from an earlier step. Infinite signals are reckoned with as Java does. Immutable; safe for any thread. O(signals) time in a step.
 *
 * <p>Watching another metric does not change what a run is judged by: a replay measures regret on the run's own objective.
 */
public final class HybridObjective {
  private final List<Objective> signals;
  private final double[] weights;
  private final Form form;
  private final double[] ideal;
  private final Objective objective;

  private enum Form {
    SUM,
    GEOMETRIC,
    LOG_COST,
    CHEBYSHEV
  }

  private HybridObjective(Form form, List<Objective> signals, double[] weights, double[] ideal) {
    this.signals = List.copyOf(signals);
    this.weights = weights.clone();
    this.form = form;
    this.ideal = ideal.clone();
    this.objective = Objective.maximize(name());
  }

  /**
   * The sum of the signals' gains, each times its weight: 0.7 and 0.3 of an accuracy and of a loss give {@code 0.7 accuracy - 0.3
   * loss}. Signals of different scales need weights that say what a unit of each is worth. It finds no point in a dent of a
   * front, see {@link #chebyshev}.
   *
   * @param signals at least one, each of another metric
   * @param weights one for each signal, in its order; at least 0 and finite, not all 0
   */
  public static HybridObjective weightedSum(List<Objective> signals, double... weights) {
    requireSignals(signals);
    requireWeights(signals, weights);
    return new HybridObjective(Form.SUM, signals, weights, new double[0]);
  }

  /**
   * The weighted geometric mean: no signal can make up for another one that is near 0, and the metrics' units do not matter. A signal
   * that is to be small counts with its reciprocal. For positive signals: 0 makes the mean 0, or infinite if it was to be small, and a
   * negative value makes it NaN.
   *
   * @param signals at least one, each of another metric
   * @param weights one for each signal, in its order; at least 0 and finite, not all 0; only their ratios matter
   */
  public static HybridObjective geometricMean(List<Objective> signals, double... weights) {
    requireSignals(signals);
    requireWeights(signals, weights);
    double sum = Arrays.stream(weights).sum();
    return new HybridObjective(
        Form.GEOMETRIC, signals, Arrays.stream(weights).map(weight -> weight / sum).toArray(), new double[0]);
  }

  /**
   * A signal's gain minus {@code beta} times the natural logarithm of the step's cumulative cost, as in {@code EM - beta * log tokens}:
   * with each doubling of the cost it must gain {@code 0.69 beta} to be as good as before. NaN where the cost is unknown or not
   * above 0.
   *
   * @param signal what the cost is weighed against
   * @param beta what e times the cost is worth, in the signal's unit; at least 0 and finite
   */
  public static HybridObjective minusLogCost(Objective signal, double beta) {
    if (!(beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "what e times the cost is worth must be at least 0 and finite, in the unit of '%s', but was %s"
              .formatted(signal.metric(), beta));
    }
    return new HybridObjective(Form.LOG_COST, List.of(signal), new double[] {beta}, new double[0]);
  }

  /**
   * Minus the largest weighted distance from an ideal point: as good as the signal that is worst off. Every point of a Pareto front is the
   * best one under some weights, also in a dent. A signal beyond its ideal has a negative distance, so that beating it still counts.
   *
   * <p>Sources: V. Bowman, "On the Relationship of the Tchebycheff Norm and the Efficient Frontier of Multiple-Criteria Objectives",
   * 1976; A. Wierzbicki, "The Use of Reference Objectives in Multiobjective Optimization", 1980, for distances with a sign.
   *
   * @param signals at least one, each of another metric
   * @param weights one for each signal, in its order; at least 0 and finite, not all 0; a signal of weight 0 is only required to be
   *     reported
   * @param ideal the best that can be hoped for of each signal, in its own unit and order; finite
   */
  public static HybridObjective chebyshev(List<Objective> signals, double[] weights, double[] ideal) {
    requireSignals(signals);
    requireWeights(signals, weights);
    if (ideal == null || ideal.length == 0) {
      throw new IllegalArgumentException(
          "Chebyshev's distance needs an ideal point, with one value for each of " + names(signals) + ", but there was none");
    }
    if (ideal.length != signals.size() || !Arrays.stream(ideal).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "the ideal point must have one finite value for each of " + names(signals) + ", but was " + Arrays.toString(ideal));
    }
    return new HybridObjective(Form.CHEBYSHEV, signals, weights, ideal);
  }

  private static void requireSignals(List<Objective> signals) {
    if (signals.isEmpty()) {
      throw new IllegalArgumentException("a hybrid objective needs at least one signal, but has none");
    }
    if (names(signals).stream().distinct().count() < signals.size()) {
      throw new IllegalArgumentException("each signal of a hybrid objective must be of another metric, but they are " + names(signals));
    }
  }

  private static void requireWeights(List<Objective> signals, double[] weights) {
    boolean areFine = Arrays.stream(weights).allMatch(w -> w >= 0 && w < Double.POSITIVE_INFINITY);
    double sum = Arrays.stream(weights).sum();
    if (weights.length != signals.size() || !areFine || !(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "there must be one weight for each of %s, at least 0 and finite, and not all 0, but they were %s"
              .formatted(names(signals), Arrays.toString(weights)));
    }
  }

  private static List<String> names(List<Objective> signals) {
    return signals.stream().map(Objective::metric).toList();
  }

  /** The combined metric, by the name under which {@link #applied} reports it: the formula. */
  public Objective objective() {
    return objective;
  }

  /** What it is made of, in order. */
  public List<Objective> signals() {
    return signals;
  }

  /** Returns the combined value, larger is better; NaN where one of the signals is missing, NaN or out of the domain. */
  public double value(Step step) {
    double sum = 0;
    double worst = Double.POSITIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      Objective signal = signals.get(i);
      double value = step.value(signal.metric());
      if (Double.isNaN(value)) {
        return Double.NaN;
      }
      if (weights[i] == 0 && form != Form.LOG_COST) {
        continue; // what has no weight may be infinite
      }
      switch (form) {
        case SUM -> sum += weights[i] * signal.gain(value);
        case GEOMETRIC -> sum += weights[i] * signal.gain(Math.log(value));
        case LOG_COST -> sum = signal.gain(value) - penalty(step.cost());
        case CHEBYSHEV -> worst = Math.min(worst, weights[i] * (signal.gain(value) - signal.gain(ideal[i])));
      }
    }
    return form == Form.CHEBYSHEV ? worst : form == Form.GEOMETRIC ? Math.exp(sum) : sum;
  }

  private double penalty(double cost) {
    return cost > 0 ? weights[0] * Math.log(cost) : Double.NaN;
  }

  /** Returns the step with the combined metric added to what it reports; NaN where {@link #value} is. */
  public Step applied(Step step) {
    return step.with(objective.metric(), value(step));
  }

  /**
   * Checks that a recorded run reports all signals at some of its steps. Live, a signal that never comes is a metric that is always NaN.
   *
   * @throws IllegalArgumentException if it never reports one of them
   */
  public void requireReportedBy(Run run) {
    List<String> reported = run.steps().stream().flatMap(step -> step.names().stream()).distinct().sorted().toList();
    for (Objective signal : signals) {
      if (!reported.contains(signal.metric())) {
        throw new IllegalArgumentException(
            "%s needs the signal '%s', which run '%s' of task '%s' never reports; it reports %s"
                .formatted(this, signal.metric(), run.context().run(), run.context().task(), reported));
      }
    }
  }

  private String name() {
    StringJoiner parts = new StringJoiner(", ", form.name().toLowerCase(Locale.ROOT).replace('_', '-') + "(", ")");
    for (int i = 0; i < weights.length; i++) {
      Objective signal = signals.get(i);
      String goal = signal.gain(1.0) > 0 ? "" : "-";
      String to = form == Form.CHEBYSHEV ? " to " + ideal[i] : "";
      String term = goal + signal.metric();
      parts.add(form == Form.LOG_COST ? term + " - " + weights[i] + " log cost" : weights[i] + " " + term + to);
    }
    return parts.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HybridObjective hybrid
        && form == hybrid.form
        && signals.equals(hybrid.signals)
        && Arrays.equals(weights, hybrid.weights)
        && Arrays.equals(ideal, hybrid.ideal);
  }

  @Override
  public int hashCode() {
    return Objects.hash(form, signals, Arrays.hashCode(weights), Arrays.hashCode(ideal));
  }

  /** The formula. */
  @Override
  public String toString() {
    return objective.metric();
  }
}
