package io.stopcast.datasets;

import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What trainings that were steered came to, beside those by the fixed schedule from the same seed.
 *
 * <p>Loss is as the protocol has it, with the fixed schedule's training in place of the full run: regret is how far the best validation
 * value stays behind that one's, in the task's scale (the best of all trainings of the task less the median first value), negative where it
 * is better, at most 1; the cost is the share of that one's. The final metric is the test value at the best validation value, in the same
 * scale. Means over the seeds of a task, then over tasks; intervals of 95 % by 10,000 bootstrap draws of the tasks, whose trainings are not independent.
 */
final class AdviceTable {
  static final double[] PRICES = {0.03, 0.1, 0.3};
  private static final int DRAWS = 10_000;
  private static final long SEED = 7;

  private final Map<String, Map<Long, Map<String, Training>>> tasks = new TreeMap<>();
  private final Map<String, Double> scales = new TreeMap<>();

  /**
   * A training.
   *
   * @param best the best gain on the validation rows, negative infinity if there is none
   * @param test the gain on the test rows there
   * @param costs after each epoch
   * @param bests the best gain so far after each epoch
   */
  private record Training(double first, double best, double test, double[] costs, double[] bests, long changes, boolean stopped) {
    static Training of(Run run) {
      Objective objective = run.context().objective();
      double[] labels = run.labels().values().iterator().next();
      double[] costs = new double[run.steps().size()];
      double[] bests = new double[costs.length];
      double best = Double.NEGATIVE_INFINITY;
      double test = Double.NaN;
      double first = Double.NaN;
      for (int i = 0; i < costs.length; i++) {
        double gain = objective.gain(run.steps().get(i));
        first = Double.isNaN(first) ? gain : first;
        if (gain > best) {
          best = gain;
          test = objective.gain(labels[i]);
        }
        bests[i] = best;
        costs[i] = run.steps().get(i).cost();
      }
      String changes = String.valueOf(run.context().parameters().getOrDefault(AdviceTraining.CHANGES, ""));
      long made = Arrays.stream(changes.split("; ")).filter(change -> !change.isEmpty() && !change.endsWith("not made")).count();
      return new Training(first, best, test, costs, bests, made, run.end() == End.EARLY_STOPPED);
    }

    double cost() {
      return costs[costs.length - 1];
    }

    /** What it had cost when the best value came to this; NaN if it never did. */
    double costTo(double gain) {
      for (int i = 0; i < costs.length; i++) {
        if (bests[i] >= gain) {
          return costs[i];
        }
      }
      return Double.NaN;
    }
  }

  /** One training beside the fixed schedule's from the same seed. */
  private record Pair(Training of, Training fixed, double scale) {
    double regret() {
      return Math.min(1, (fixed.best() - of.best()) / scale);
    }

    double cost() {
      return of.cost() / fixed.cost();
    }

    double test() {
      return Math.max(-1, (of.test() - fixed.test()) / scale);
    }

    boolean reaches() {
      return !Double.isNaN(of.costTo(fixed.best()));
    }

    double timeTo() {
      return of.costTo(fixed.best()) / fixed.costTo(fixed.best());
    }
  }

  /** A mean over tasks and the ends of its interval. */
  private record Mean(double value, double low, double high) {
    String shown(String form) {
      return String.format(Locale.ROOT, form + " [" + form + ", " + form + "]", value, low, high);
    }
  }

  AdviceTable(List<Run> runs) {
    for (Run run : runs) {
      Map<String, Object> parameters = run.context().parameters();
      AdviceArm arm = AdviceArm.valueOf((String) parameters.get(AdviceTraining.ARM));
      double price = arm.hasPrice() ? ((Number) parameters.get(AdviceTraining.PRICE)).doubleValue() : Double.NaN;
      tasks
          .computeIfAbsent(run.context().task(), task -> new TreeMap<>())
          .computeIfAbsent(((Number) parameters.get(AdviceTraining.SEED)).longValue(), seed -> new TreeMap<>())
          .put(key(arm, price), Training.of(run));
    }
    tasks.forEach(
        (task, seeds) -> {
          List<Training> all = seeds.values().stream().flatMap(arms -> arms.values().stream()).toList();
          double[] firsts = all.stream().mapToDouble(Training::first).sorted().toArray();
          double best = all.stream().mapToDouble(Training::best).max().orElseThrow();
          scales.put(task, Math.abs(best - firsts[firsts.length / 2]));
        });
  }

  private static String key(AdviceArm arm, double price) {
    return arm.hasPrice() ? arm.name() + "@" + price : arm.name();
  }

  private List<Pair> pairs(String task, AdviceArm arm, double price) {
    List<Pair> pairs = new ArrayList<>();
    for (Map<String, Training> arms : tasks.get(task).values()) {
      pairs.add(new Pair(arms.get(key(arm, price)), arms.get(AdviceArm.FIXED.name()), scales.get(task)));
    }
    return pairs;
  }

  /** For each task the mean over its seeds. */
  private double[] byTask(AdviceArm arm, double price, ToDoubleFunction<Pair> measure) {
    return tasks.keySet().stream()
        .mapToDouble(task -> pairs(task, arm, price).stream().mapToDouble(measure).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN))
        .toArray();
  }

  private static Mean mean(double[] byTask) {
    double[] known = Arrays.stream(byTask).filter(value -> !Double.isNaN(value)).toArray();
    if (known.length == 0) {
      return new Mean(Double.NaN, Double.NaN, Double.NaN);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] draws = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      double sum = 0;
      for (int i = 0; i < known.length; i++) {
        sum += known[random.nextInt(known.length)];
      }
      draws[draw] = sum / known.length;
    }
    Arrays.sort(draws);
    return new Mean(Arrays.stream(known).average().orElseThrow(), draws[(int) (0.025 * DRAWS)], draws[(int) (0.975 * DRAWS) - 1]);
  }

  private static double[] difference(double[] one, double[] other) {
    double[] difference = new double[one.length];
    for (int i = 0; i < one.length; i++) {
      difference[i] = one[i] - other[i];
    }
    return difference;
  }

  private static String verdict(Mean difference) {
    return difference.high() < 0 ? "better" : difference.low() > 0 ? "worse" : "no difference shown";
  }

  /** All tables, as Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    losses(text);
    differences(text);
    finals(text);
    eachTask(text);
    return text.toString();
  }

  private double[] losses(AdviceArm arm, double price) {
    return byTask(arm, price, pair -> pair.regret() + price * pair.cost());
  }

  private void losses(StringBuilder text) {
    text.append("| price | arm | loss | cost | regret | less than fixed: loss [95 %] | verdict |\n|---|---|--:|--:|--:|---|---|\n");
    for (double price : PRICES) {
      double[] fixed = losses(AdviceArm.FIXED, price);
      for (AdviceArm arm : AdviceArm.values()) {
        double[] loss = losses(arm, price);
        Mean below = mean(difference(loss, fixed));
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.4f | %.1f %% | %.4f | %s | %s |%n",
                price,
                arm.label(),
                mean(loss).value(),
                100 * mean(byTask(arm, price, Pair::cost)).value(),
                mean(byTask(arm, price, Pair::regret)).value(),
                arm == AdviceArm.FIXED ? "" : below.shown("%.4f"),
                arm == AdviceArm.FIXED ? "" : verdict(below)));
      }
    }
    text.append('\n');
  }

  private void differences(StringBuilder text) {
    text.append("| price | arm | beside plateau + patience: loss [95 %] | verdict | beside the learned stop alone: loss [95 %] | verdict |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (double price : PRICES) {
      for (AdviceArm arm : List.of(AdviceArm.LEARNED, AdviceArm.ADVISED, AdviceArm.COMBINED)) {
        Mean usual = mean(difference(losses(arm, price), losses(AdviceArm.PLATEAU, price)));
        Mean alone = mean(difference(losses(arm, price), losses(AdviceArm.LEARNED, price)));
        boolean isAlone = arm == AdviceArm.LEARNED;
        text.append(
            String.format(
                "| %s | %s | %s | %s | %s | %s |%n",
                price,
                arm.label(),
                usual.shown("%.4f"),
                verdict(usual),
                isAlone ? "" : alone.shown("%.4f"),
                isAlone ? "" : verdict(alone)));
      }
    }
    text.append('\n');
  }

  private void finals(StringBuilder text) {
    text.append("| arm | price | final metric on the test rows less fixed [95 %] | came to the fixed schedule's best |");
    text.append(" at which share of its cost there [95 %] | changes a run | stopped |\n|---|---|---|--:|---|--:|--:|\n");
    for (AdviceArm arm : AdviceArm.values()) {
      for (double price : arm.hasPrice() ? PRICES : new double[] {Double.NaN}) {
        Mean reached = mean(byTask(arm, price, pair -> pair.reaches() ? 1 : 0));
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.0f %% | %s | %.1f | %.0f %% |%n",
                arm.label(),
                arm.hasPrice() ? String.valueOf(price) : "",
                arm == AdviceArm.FIXED ? "" : mean(byTask(arm, price, Pair::test)).shown("%.4f"),
                100 * reached.value(),
                arm == AdviceArm.FIXED ? "" : mean(byTask(arm, price, Pair::timeTo)).shown("%.2f"),
                mean(byTask(arm, price, pair -> pair.of().changes())).value(),
                100 * mean(byTask(arm, price, pair -> pair.of().stopped() ? 1 : 0)).value()));
      }
    }
    text.append('\n');
  }

  private void eachTask(StringBuilder text) {
    double price = PRICES[1];
    Map<AdviceArm, double[]> costs = new EnumMap<>(AdviceArm.class);
    Map<AdviceArm, double[]> regrets = new EnumMap<>(AdviceArm.class);
    text.append("| task (cost, regret at price ").append(price).append(") |");
    for (AdviceArm arm : AdviceArm.values()) {
      costs.put(arm, byTask(arm, price, Pair::cost));
      regrets.put(arm, byTask(arm, price, Pair::regret));
      text.append(arm == AdviceArm.FIXED ? "" : " " + arm.label() + " |");
    }
    text.append("\n|---|").append("--:|".repeat(AdviceArm.values().length - 1)).append('\n');
    int i = 0;
    for (String task : tasks.keySet()) {
      text.append("| `").append(task.substring(task.indexOf('/') + 1)).append("` |");
      for (AdviceArm arm : AdviceArm.values()) {
        if (arm != AdviceArm.FIXED) {
          text.append(String.format(Locale.ROOT, " %.0f %%, %.3f |", 100 * costs.get(arm)[i], regrets.get(arm)[i]));
        }
      }
      text.append('\n');
      i++;
    }
  }
}
