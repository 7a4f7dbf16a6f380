package io.stopcast.replay;

import io.stopcast.adapt.Adaptation;
import io.stopcast.adapt.Candidate;
import io.stopcast.adapt.ExplorationLimit;
import io.stopcast.adapt.Grouping;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.Drop;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.GeneralizationLoss;
import io.stopcast.policy.IncToDec;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.MinDelta;
import io.stopcast.policy.MovingAverage;
import io.stopcast.policy.Patience;
import io.stopcast.policy.PatienceShare;
import io.stopcast.policy.PowerLaw;
import io.stopcast.policy.ProgressQuotient;
import io.stopcast.policy.ReductionThreshold;
import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.SuccessiveIncreases;
import io.stopcast.run.Run;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What adaptation loses beside the best fixed policy in hindsight, over runs in the order in which they came, beside following the leader and
 * drawing evenly.
 *
 * <p>Families are sources; the runs of one come by their date where all have one, else as recorded. No candidate is tuned, and the champion
 * is learned from the shipped runs alone. Regret is per run, in units of the task's scale. {@code checks/adaptation} runs {@link #main}.
 */
final class Adaptations {
  private static final int[] CURVE = {10, 30, 100, 300, 1000, 3000};
  private static final int FEWEST = 30;

  /** As {@link Adaptation#of} has them. */
  private static final double MEMORY = 500;

  private static final double BORROWED = 5;

  private final List<ScoredRun> runs;
  private final List<Candidate> candidates;
  private final double price;
  private final int seeds;
  /** [candidate][run] */
  private final int[][] stops;

  private Adaptations(List<ScoredRun> runs, List<Candidate> candidates, double price, int seeds) {
    this.runs = runs;
    this.candidates = candidates;
    this.price = price;
    this.seeds = seeds;
    stops = new int[candidates.size()][runs.size()];
    IntStream.range(0, runs.size())
        .parallel()
        .forEach(
            r -> {
              for (int k = 0; k < stops.length; k++) {
                stops[k][r] = Replay.pointOf(candidates.get(k).policy(), runs.get(r).run());
              }
            });
  }

  /**
   * Prints the tables.
   *
   * @param args the history, the price, how many seeds, and the model file of the learned candidate, which must not know the history; may lack
   */
  public static void main(String[] args) throws Exception {
    Optional<List<Run>> history = CheckedHistory.at(args[0]);
    if (history.isEmpty()) {
      return;
    }
    double price = Double.parseDouble(args[1]);
    List<ScoredRun> runs = Part.DEVELOPMENT.read(ScoredRun.of(history.get()));
    List<Candidate> candidates = new ArrayList<>(rules());
    if (args.length > 3) {
      candidates.add(new Candidate("champion", LearnedPolicy.of(ModelFile.read(Path.of(args[3])), price)));
    }
    new Adaptations(runs, candidates, price, Integer.parseInt(args[2])).print();
  }

  /** As somebody would set them who has seen nothing yet. */
  private static List<Candidate> rules() {
    return List.of(
            StopPolicy.NEVER,
            new FixedShare(.5),
            new Patience(10),
            new Patience(30, MinDelta.ofSpan(.01)),
            new PatienceShare(.2, MinDelta.ofSpan(.01)),
            new GeneralizationLoss(20).notBefore(10),
            new ProgressQuotient(.3, 5),
            new SuccessiveIncreases(3, 5).notBefore(10),
            new MovingAverage(5, .01),
            new ReductionThreshold(Drop.ofNoise(6), 3),
            new IncToDec(.4, 10),
            new PowerLaw(.03).notBefore(10))
        .stream()
        .map(Candidate::of)
        .toList();
  }

  private double loss(int candidate, int run) {
    return runs.get(run).hindsight().loss(stops[candidate][run], price);
  }

  /** The runs of each family that has enough of them, in the order in which they came. */
  private Map<String, int[]> families() {
    Map<String, List<Integer>> byFamily = new TreeMap<>();
    for (int r = 0; r < runs.size(); r++) {
      byFamily.computeIfAbsent(runs.get(r).task().source(), f -> new ArrayList<>()).add(r);
    }
    byFamily.values().removeIf(of -> of.size() < FEWEST);
    Map<String, int[]> ordered = new TreeMap<>();
    byFamily.forEach((family, of) -> ordered.put(family, inOrder(of)));
    return ordered;
  }

  private int[] inOrder(List<Integer> of) {
    if (isDated(of)) {
      of.sort(Comparator.comparing(r -> date(r).orElseThrow())); // stable
    }
    return of.stream().mapToInt(Integer::intValue).toArray();
  }

  private boolean isDated(List<Integer> of) {
    return of.stream().allMatch(r -> date(r).isPresent());
  }

  private Optional<Instant> date(int run) {
    return RunDate.of(runs.get(run).run().context());
  }

  private int best(int[] order) {
    return IntStream.range(0, candidates.size())
        .boxed()
        .min(Comparator.comparingDouble(k -> Arrays.stream(order).mapToDouble(r -> loss(k, r)).sum()))
        .orElseThrow();
  }

  private double[] fixed(int candidate, int[] order) {
    return Arrays.stream(order).mapToDouble(r -> loss(candidate, r)).toArray();
  }

  /** All runs are learned from, as they are where nothing is stopped; so none has to be exempt. */
  private Adapting seen(Grouping.By by, double memory, long seed) {
    return new Adapting(new Adaptation(candidates, Grouping.by(by), price, new ExplorationLimit(.1, 0), memory, BORROWED, seed), true);
  }

  /** What is stopped is not seen. */
  private Adapting live(Grouping.By by, double memory, long seed) {
    return new Adapting(new Adaptation(candidates, Grouping.by(by), price, new ExplorationLimit(.1, .05), memory, BORROWED, seed), false);
  }

  private double[] adapted(Adapting adapting, int[] order) {
    int[] points = adapting.stops(runs, order, (candidate, run) -> stops[candidate][run]);
    double[] losses = new double[order.length];
    Arrays.setAll(losses, i -> runs.get(order[i]).hindsight().loss(points[i], price));
    return losses;
  }

  /**
   * Gives each run what has lost least on the runs before, all of which count the same.
   *
   * @param seesAll whether it learns from all of them; else from those that it did not stop, as if nothing else had been
   */
  private double[] leader(int[] order, boolean seesAll) {
    double[] sums = new double[candidates.size()];
    double[] losses = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      int run = order[i];
      int leader = 0;
      for (int k = 1; k < sums.length; k++) {
        leader = sums[k] < sums[leader] ? k : leader;
      }
      losses[i] = loss(leader, run);
      for (int k = 0; k < sums.length && (seesAll || stops[leader][run] == runs.get(run).length() - 1); k++) {
        sums[k] += loss(k, run);
      }
    }
    return losses;
  }

  private double[] evenly(int[] order, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Arrays.stream(order).mapToDouble(r -> loss(random.nextInt(candidates.size()), r)).toArray();
  }

  private void print() {
    System.out.printf(
        Locale.ROOT, "%,d runs (development part), price %s, %d candidates, %d seeds%n", runs.size(), price, candidates.size(), seeds);
    Map<String, int[]> families = families();
    int[] all = families.values().stream().flatMapToInt(Arrays::stream).toArray();
    int bestOfAll = best(all);
    System.out.println("\n| family | runs | order | best fixed | its loss | " + "never | best of all (" + name(bestOfAll) + ") | evenly |");
    System.out.println("|---|--:|---|---|--:|--:|--:|--:|");
    families.forEach(
        (family, order) -> {
          int best = best(order);
          double least = mean(fixed(best, order));
          System.out.printf(
              Locale.ROOT,
              "| %s | %,d | %s | %s | %.4f | %.4f | %.4f | %.4f |%n",
              family,
              order.length,
              isDated(Arrays.stream(order).boxed().toList()) ? "date" : "recorded",
              name(best),
              least,
              mean(fixed(0, order)) - least,
              mean(fixed(bestOfAll, order)) - least,
              mean(evenly(order, 1)) - least);
        });
    System.out.println("\nRegret per run over the runs so far, against the family's best fixed policy in hindsight:\n");
    System.out.println("| family | policy | " + Arrays.stream(CURVE).mapToObj(n -> n + " | ").collect(Collectors.joining()) + "all |");
    System.out.println("|---|---|" + "--:|".repeat(CURVE.length + 1));
    Map<String, LongFunction<Map<String, double[]>>> online = new LinkedHashMap<>();
    Grouping.By source = Grouping.By.SOURCE;
    online.put("adaptation, all runs seen", seed -> byFamily(families, adapted(seen(source, MEMORY, seed), all)));
    online.put("adaptation, live", seed -> byFamily(families, adapted(live(source, MEMORY, seed), all)));
    online.put("the leader, all runs seen", seed -> each(families, order -> leader(order, true)));
    online.put("the leader, live", seed -> each(families, order -> leader(order, false)));
    online.put("evenly", seed -> each(families, order -> evenly(order, seed)));
    Map<String, List<Map<String, double[]>>> played = new LinkedHashMap<>();
    online.forEach((policy, of) -> played.put(policy, LongStream.rangeClosed(1, seeds).mapToObj(of).toList()));
    families.forEach(
        (family, order) -> {
          double[] best = fixed(best(order), order);
          played.forEach(
              (policy, ofSeeds) ->
                  System.out.println(
                      curve(family, policy, ofSeeds.stream().map(of -> of.get(family)).toArray(double[][]::new), best)));
        });
    System.out.println("\nOne family of all, the sources one after another, against the best of all in hindsight:\n");
    double[] best = fixed(bestOfAll, all);
    Grouping.By none = Grouping.By.NOTHING;
    double forever = Double.POSITIVE_INFINITY;
    System.out.println(curve("all", "adaptation, all runs seen", many(seed -> adapted(seen(none, MEMORY, seed), all)), best));
    System.out.println(curve("all", "the same, without forgetting", many(seed -> adapted(seen(none, forever, seed), all)), best));
    System.out.println(curve("all", "adaptation, live", many(seed -> adapted(live(none, MEMORY, seed), all)), best));
    System.out.println(curve("all", "the same, without forgetting", many(seed -> adapted(live(none, forever, seed), all)), best));
    System.out.println(curve("all", "the leader, all runs seen", many(seed -> leader(all, true)), best));
    System.out.println(curve("all", "the leader, live", many(seed -> leader(all, false)), best));
  }

  private double[][] many(LongFunction<double[]> of) {
    return LongStream.rangeClosed(1, seeds).mapToObj(of).toArray(double[][]::new);
  }

  private static Map<String, double[]> each(Map<String, int[]> families, Function<int[], double[]> of) {
    Map<String, double[]> each = new TreeMap<>();
    families.forEach((family, order) -> each.put(family, of.apply(order)));
    return each;
  }

  /** The losses of each family, where all were played one family after another. */
  private static Map<String, double[]> byFamily(Map<String, int[]> families, double[] losses) {
    Map<String, double[]> parts = new TreeMap<>();
    int from = 0;
    for (Map.Entry<String, int[]> family : families.entrySet()) {
      parts.put(family.getKey(), Arrays.copyOfRange(losses, from, from + family.getValue().length));
      from += family.getValue().length;
    }
    return parts;
  }

  private static String curve(String family, String policy, double[][] losses, double[] best) {
    StringBuilder row = new StringBuilder("| " + family + " | " + policy + " | ");
    for (int n : IntStream.concat(Arrays.stream(CURVE), IntStream.of(best.length)).toArray()) {
      double[] regrets = Arrays.stream(losses).mapToDouble(of -> regret(of, best, Math.min(n, best.length))).toArray();
      double mean = mean(regrets);
      double deviation = Math.sqrt(Arrays.stream(regrets).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
      boolean isAll = n == best.length;
      row.append(
              n > best.length ? "" : String.format(Locale.ROOT, isAll ? "%.4f (sd %.4f)" : "%.4f", mean, deviation))
          .append(" | ");
    }
    return row.toString().trim();
  }

  private static double regret(double[] losses, double[] best, int runs) {
    double sum = 0;
    for (int i = 0; i < runs; i++) {
      sum += losses[i] - best[i];
    }
    return sum / runs;
  }

  private String name(int candidate) {
    return candidates.get(candidate).name();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
