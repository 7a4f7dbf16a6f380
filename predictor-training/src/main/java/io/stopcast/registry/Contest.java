package io.stopcast.registry;

import io.stopcast.history.TaskId;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.MetricKind;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.TaskKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A challenger beside the champion on runs that neither has seen, paired: the mean loss of a task is over its runs, and tasks weigh the same.
 *
 * @param on which runs these are, as in "on 120 held-out runs"
 * @param runs how many
 * @param overall for each price
 * @param families by source, by kind of task and by kind of metric, for each price
 */
public record Contest(String on, int runs, List<Row> overall, List<Row> families) {
  /** Of families with fewer tasks nothing is said. */
  public static final int FEW_TASKS = 3;

  /** With fewer tasks the interval is one over the runs of these tasks, and says nothing of others. */
  private static final int ENOUGH_TASKS = 5;

  /** With fewer runs there is no contest. */
  public static final int ENOUGH_RUNS = 20;

  private static final int DRAWS = 2_000;
  private static final int SEED = 20_260_101;

  /**
   * Mean losses at one price.
   *
   * @param family what the tasks have in common; empty for all
   * @param challenger mean loss over tasks
   * @param high upper end of the 95 % interval of the difference, challenger - champion, by paired bootstrap; NaN where only means are compared
   */
  public record Row(String family, double price, int tasks, double challenger, double champion, double high) {
    public double difference() {
      return challenger - champion;
    }
  }

  public Contest {
    overall = List.copyOf(overall);
    families = List.copyOf(families);
  }

  /** What a model loses on each run at each price, [price][run], with the earlier runs that its file brings. */
  public static double[][] losses(ModelFile model, List<ScoredRun> runs, double[] prices) {
    return losses(Arrays.stream(prices).<StopPolicy>mapToObj(price -> LearnedPolicy.of(model, price)).toList(), runs, prices);
  }

  /** What policies, one a price, lose on each run, [price][run]. */
  public static double[][] losses(List<StopPolicy> policies, List<ScoredRun> runs, double[] prices) {
    double[][] losses = new double[prices.length][runs.size()];
    IntStream.range(0, runs.size())
        .parallel()
        .forEach(
            r -> {
              for (int p = 0; p < prices.length; p++) {
                ScoredRun run = runs.get(r);
                losses[p][r] = run.hindsight().loss(Replay.of(policies.get(p), run.run()).point(), prices[p]);
              }
            });
    return losses;
  }

  /**
   * Compares losses, [price][run].
   *
   * @param on which runs these are
   */
  public static Contest of(String on, List<ScoredRun> runs, double[] prices, double[][] challenger, double[][] champion) {
    Map<TaskId, List<Integer>> byTask = new TreeMap<>();
    for (int r = 0; r < runs.size(); r++) {
      byTask.computeIfAbsent(runs.get(r).task(), t -> new ArrayList<>()).add(r);
    }
    List<List<Integer>> tasks = List.copyOf(byTask.values());
    Map<String, List<List<Integer>>> families = new LinkedHashMap<>();
    group(families, tasks, of -> "source " + runs.get(of.get(0)).task().source());
    group(families, tasks, of -> "tasks " + TaskKind.of(runs.get(of.get(0)).task()));
    group(families, tasks, of -> "metric " + MetricKind.of(runs.get(of.get(0)).run().context().objective()).word());
    List<Row> overall = new ArrayList<>();
    List<Row> inFamilies = new ArrayList<>();
    for (int p = 0; p < prices.length; p++) {
      double high = high(tasks, challenger[p], champion[p]);
      overall.add(new Row("", prices[p], tasks.size(), mean(tasks, challenger[p]), mean(tasks, champion[p]), high));
      for (Map.Entry<String, List<List<Integer>>> family : families.entrySet()) {
        List<List<Integer>> of = family.getValue();
        inFamilies.add(
            new Row(family.getKey(), prices[p], of.size(), mean(of, challenger[p]), mean(of, champion[p]), Double.NaN));
      }
    }
    return new Contest(on, runs.size(), overall, inFamilies);
  }

  private static void group(
      Map<String, List<List<Integer>>> families, List<List<Integer>> tasks, Function<List<Integer>, String> name) {
    tasks.forEach(task -> families.computeIfAbsent(name.apply(task), n -> new ArrayList<>()).add(task));
  }

  private static double mean(List<List<Integer>> tasks, double[] losses) {
    return tasks.stream().mapToDouble(task -> mean(task, r -> losses[r])).average().orElse(Double.NaN);
  }

  private static double mean(List<Integer> task, IntToDoubleFunction loss) {
    return task.stream().mapToDouble(loss::applyAsDouble).average().orElse(Double.NaN);
  }

  /** By bootstrap over tasks; where these are few, over the runs of each. */
  private static double high(List<List<Integer>> tasks, double[] challenger, double[] champion) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] draws = new double[DRAWS];
    double[] ofTask = tasks.stream().mapToDouble(task -> mean(task, r -> challenger[r] - champion[r])).toArray();
    for (int d = 0; d < DRAWS; d++) {
      double sum = 0;
      for (List<Integer> task : tasks) {
        if (tasks.size() >= ENOUGH_TASKS) {
          sum += ofTask[random.nextInt(ofTask.length)];
        } else {
          double ofRuns = 0;
          for (int i = 0; i < task.size(); i++) {
            int r = task.get(random.nextInt(task.size()));
            ofRuns += challenger[r] - champion[r];
          }
          sum += ofRuns / task.size();
        }
      }
      draws[d] = sum / tasks.size();
    }
    Arrays.sort(draws);
    return draws[DRAWS - 1 - DRAWS / 20];
  }

  /** Whether the challenger is good enough, over all tasks and in every family. */
  public List<Finding> findings(Margins margins) {
    Optional<Row> worse =
        overall.stream().filter(row -> !(row.high <= margins.overall() * row.price)).findFirst();
    List<Row> judged = families.stream().filter(row -> row.tasks >= FEW_TASKS).toList();
    Optional<Row> worst =
        judged.stream()
            .filter(row -> !(row.difference() <= margins.family() * row.price))
            .max((a, b) -> Double.compare(a.difference() / a.price, b.difference() / b.price));
    Row shown = worse.orElse(overall.get(overall.size() / 2));
    Map<String, Object> figures = new LinkedHashMap<>(); // Map.of has another order in every process
    figures.put("runs", runs);
    figures.put("losses", overall.stream().map(Contest::asMap).toList());
    Finding all =
        new Finding(
            "champion",
            worse.isEmpty(),
            String.format(
                Locale.ROOT,
                "%s of %d tasks its loss at price %s is %.4f and the champion's %.4f; the difference may be as large as %.4f, and %.4f is borne",
                on,
                shown.tasks,
                shown.price,
                shown.challenger,
                shown.champion,
                shown.high,
                margins.overall() * shown.price),
            figures);
    Finding inFamilies =
        new Finding(
            "families",
            worst.isEmpty(),
            worst
                .map(
                    row ->
                        String.format(
                            Locale.ROOT,
                            "%s in %s (%d tasks) its loss at price %s is %.4f and the champion's %.4f; a difference of %.4f is borne",
                            on,
                            row.family,
                            row.tasks,
                            row.price,
                            row.challenger,
                            row.champion,
                            margins.family() * row.price))
                .orElseGet(() -> judged.stream().map(Row::family).distinct().count() + " families are none the worse"),
            Map.of("losses", judged.stream().map(Contest::asMap).toList()));
    return List.of(all, inFamilies);
  }

  private static Map<String, Object> asMap(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (!row.family.isEmpty()) {
      map.put("family", row.family);
    }
    map.put("price", row.price);
    map.put("tasks", row.tasks);
    map.put("challenger", row.challenger);
    map.put("champion", row.champion);
    if (!Double.isNaN(row.high)) {
      map.put("difference_at_most", row.high);
    }
    return map;
  }
}
