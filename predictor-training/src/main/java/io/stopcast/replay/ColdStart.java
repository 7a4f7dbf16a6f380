package io.stopcast.replay;

import io.stopcast.history.TaskId;
import io.stopcast.model.Priors;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many runs of a new task it takes until its history helps.
 *
 * <p>A model trained on other tasks is given a few random runs of the held-out task as its earlier runs, without those of
 * the judged run's own configuration. The rules are given the same: beside each family as tuned on the training tasks
 * stands one tuned anew on the mean of its loss there and its loss on the given runs. The best of all, picked in hindsight,
 * is what the learned policy is measured against, which favours the rules.
 *
 * <p>Few given runs are among the many, and the same runs are judged whatever the number: those that are never given.
 *
 * @param protocol at which prices, and with which seed
 * @param counts how many runs are given
 */
public record ColdStart(Protocol protocol, List<Integer> counts) {
  /** What follows the name of a family that saw the given runs. */
  static final String RETUNED = ", re-tuned";

  private static final int FEWEST_RUNS = 30;
  private static final int LEAST_JUDGED = 5;

  public ColdStart {
    counts = counts.stream().distinct().sorted().toList();
    if (counts.isEmpty() || counts.get(0) < 0) {
      throw new IllegalArgumentException("a cold start needs numbers of runs such as 0,1,3,5, but was given " + counts);
    }
  }

  private int most() {
    return counts.get(counts.size() - 1);
  }

  /** How many runs a task must have to take part. */
  public int runsNeeded() {
    return Math.max(FEWEST_RUNS, most() + LEAST_JUDGED);
  }

  /** Whether there is any task that can take part. */
  public boolean isPossible(Folds unseenTasks) {
    return unseenTasks.folds().stream().anyMatch(fold -> !tasks(unseenTasks, fold).isEmpty());
  }

  /**
   * Judges a learner beside the rules.
   *
   * @param unseenTasks folds that hold out whole tasks
   * @param rules replays of all runs, one for each way of showing the horizon
   * @return for each of {@code rules} the results by number of given runs
   */
  public List<SortedMap<Integer, Results>> judge(
      Folds unseenTasks, List<RuleReplays> rules, Learner learner, Runnable afterEachFold) {
    double[] prices = protocol.priceArray();
    List<String> families = rules.get(0).families().stream().map(Family::name).toList();
    List<String> retuned = families.stream().map(name -> name + RETUNED).toList();
    List<String> all = Stream.concat(families.stream(), retuned.stream()).toList();
    List<SortedMap<Integer, ScoreSheet>> sheets = new ArrayList<>();
    for (RuleReplays replays : rules) {
      SortedMap<Integer, ScoreSheet> ofCount = new TreeMap<>();
      counts.forEach(count -> ofCount.put(count, new ScoreSheet(replays, prices, all)));
      sheets.add(ofCount);
    }
    unseenTasks.folds().parallelStream()
        .forEach(
            fold -> {
              Map<TaskId, Candidates> tasks = tasks(unseenTasks, fold);
              if (!tasks.isEmpty()) {
                Learned learned = learner.fit(Fold.select(unseenTasks.runs(), fold.training()), prices);
                for (int i = 0; i < rules.size(); i++) {
                  double[][] losses = new double[prices.length][];
                  for (int p = 0; p < prices.length; p++) {
                    losses[p] = rules.get(i).losses(fold.training(), prices[p]);
                  }
                  for (Candidates task : tasks.values()) {
                    start(task, rules.get(i), losses, learned, families, retuned, sheets.get(i));
                  }
                }
              }
              afterEachFold.run();
            });
    int[] judged =
        unseenTasks.folds().stream()
            .flatMap(fold -> tasks(unseenTasks, fold).values().stream())
            .flatMapToInt(task -> Arrays.stream(task.judged))
            .sorted()
            .toArray();
    LeftOut leftOut = leftOut(unseenTasks);
    return sheets.stream()
        .map(
            ofCount -> {
              SortedMap<Integer, Results> results = new TreeMap<>();
              ofCount.forEach((count, sheet) -> results.put(count, sheet.results(Split.UNSEEN_TASK, judged, leftOut)));
              return results;
            })
        .toList();
  }

  /** A held-out task: what may be given of it, in random order, and what is judged. */
  private record Candidates(int[] given, int[] judged) {}

  private Map<TaskId, Candidates> tasks(Folds unseenTasks, Fold fold) {
    List<ScoredRun> runs = unseenTasks.runs();
    Map<TaskId, List<Integer>> judgedOf = unseenTasks.byTask(fold.judged());
    // Runs that are not to be judged may still be given.
    int[] held =
        IntStream.range(0, runs.size()).filter(r -> judgedOf.containsKey(runs.get(r).task())).toArray();
    Map<TaskId, Candidates> tasks = new TreeMap<>();
    unseenTasks
        .byTask(held)
        .forEach(
            (task, ofTask) -> {
              if (ofTask.size() >= runsNeeded()) {
                Collections.shuffle(ofTask, new Random(protocol.seed() + task.hashCode()));
                List<Integer> given = ofTask.subList(0, most());
                Set<Integer> taken = new HashSet<>(given);
                tasks.put(
                    task,
                    new Candidates(
                        given.stream().mapToInt(Integer::intValue).toArray(),
                        judgedOf.get(task).stream().filter(r -> !taken.contains(r)).mapToInt(Integer::intValue).toArray()));
              }
            });
    return tasks;
  }

  private LeftOut leftOut(Folds unseenTasks) {
    List<ScoredRun> few = new ArrayList<>();
    for (Fold fold : unseenTasks.folds()) {
      Set<TaskId> tasks = tasks(unseenTasks, fold).keySet();
      Fold.select(unseenTasks.runs(), fold.judged()).stream().filter(run -> !tasks.contains(run.task())).forEach(few::add);
    }
    return new LeftOut(
        few.size(),
        (int) few.stream().map(ScoredRun::task).distinct().count(),
        "are of tasks with fewer than %d runs".formatted(runsNeeded()));
  }

  private static void start(
      Candidates task,
      RuleReplays rules,
      double[][] trainingLosses,
      Learned learned,
      List<String> families,
      List<String> retuned,
      SortedMap<Integer, ScoreSheet> sheets) {
    List<ScoredRun> runs = rules.runs();
    Configurations configurations =
        new Configurations(
            IntStream.concat(Arrays.stream(task.given), Arrays.stream(task.judged)).mapToObj(runs::get).toList());
    sheets.forEach(
        (count, sheet) -> {
          Map<List<Integer>, List<Integer>> judgedByGiven = new HashMap<>();
          for (int r : task.judged) {
            String own = configurations.of(runs.get(r));
            List<Integer> given =
                Arrays.stream(task.given, 0, count)
                    .filter(other -> !configurations.of(runs.get(other)).equals(own))
                    .boxed()
                    .toList();
            judgedByGiven.computeIfAbsent(given, g -> new ArrayList<>()).add(r);
          }
          judgedByGiven.forEach(
              (given, of) -> {
                int[] earlier = given.stream().mapToInt(Integer::intValue).toArray();
                int[] judged = of.stream().mapToInt(Integer::intValue).toArray();
                List<Run> shown = Fold.select(runs, earlier).stream().map(ScoredRun::run).toList();
                sheet.learned(learned.policies(Priors.of(shown, Math.max(1, shown.size()))), judged);
                for (int p = 0; p < trainingLosses.length; p++) {
                  double price = sheet.price(p);
                  // The second one leaves what was tuned on the training part alone as the best of all.
                  sheet.tuned(retuned, p, both(trainingLosses[p], rules.losses(earlier, price), earlier.length), judged);
                  sheet.tuned(families, p, trainingLosses[p], judged);
                }
              });
        });
  }

  /** The mean of both losses; where no run is given, the first. */
  private static double[] both(double[] training, double[] given, int count) {
    double[] mean = training.clone();
    for (int s = 0; s < mean.length && count > 0; s++) {
      mean[s] = (training[s] + given[s]) / 2;
    }
    return mean;
  }
}
