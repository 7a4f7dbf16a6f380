package io.stopcast.train;

import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.TaskHistory;
import io.stopcast.history.TaskId;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Horizon;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * From runs to weighted rows: the features at random points, each at one or more of the prices, and whether stopping there was
 * right.
 *
 * <p>A row weighs what a wrong answer there costs, divided by the number of rows of its run and by that of runs of its task
 * plus a constant: tasks with many runs count the same, and one with a single run, of which nobody knows what it stands for,
 * counts less. The rows of each price have weight 1 on average, so that prices count the same too.
 *
 * <p>A stopped run has the weight of the share of it that is shown, and no rows where nobody knows what would have come. For the average these are
 * counted, so that a row of a run that stands for itself alone means as much to the trees' limits as in a history in which nothing was stopped.
 *
 * <p>Features of a run are extracted once and kept, whatever the number of folds. Safe for several threads.
 */
final class TrainingRows {
  /** Keeps the weight of a row at which both answers cost the same above 0. */
  private static final double SMALLEST_STAKE = 1e-4;

  private final Recipe recipe;
  private final Function<ScoredRun, List<EarlierRun>> histories;
  private final int width = FeatureExtractor.schema().size();
  private final Map<ScoredRun, Sample> samples = new ConcurrentHashMap<>();

  /** What is drawn for a run. */
  private enum Draw {
    CHOICE,
    HISTORY,
    POINTS,
    FIRST_PRICE,
    HORIZON,
    TRAIN_LOSS,
    WITHOUT_HISTORY
  }

  /** Some points of a run, in order: at which of the prices each is asked, and its features at that price. */
  private record Sample(int[] points, int[] prices, float[][] features) {}

  private TrainingRows(Recipe recipe, Function<ScoredRun, List<EarlierRun>> histories) {
    this.recipe = recipe;
    this.histories = histories;
  }

  /** Rows that show no history: the run's task is new. */
  static TrainingRows alone(Recipe recipe) {
    return new TrainingRows(recipe, run -> List.of());
  }

  /** Rows that show some of the other runs of the run's task, as far as there are any and the recipe does not hide them. */
  static TrainingRows withHistory(Recipe recipe, Histories histories) {
    return new TrainingRows(recipe, run -> histories.sample(run, random(Draw.HISTORY, run, recipe)));
  }

  /** What there is to be shown of a run's task: the same whenever it is asked, and drawn anew each time. */
  TaskHistory historyOf(ScoredRun run) {
    return TaskHistory.of(histories.apply(run));
  }

  /** The {@link TaskHistory#scale} of {@link #historyOf} a run, NaN without one, for those who need no rows: much quicker told, and keeps no rows. */
  ToDoubleFunction<ScoredRun> scales() {
    Function<ScoredRun, List<EarlierRun>> shown = histories;
    return run -> TaskHistory.scaleOf(shown.apply(run));
  }

  /** How many runs {@link #historyOf} returns where rows are shown {@link #withHistory}. */
  static int sizeOfHistory(ScoredRun run, Recipe recipe, Histories histories) {
    return histories.sampleSize(run, random(Draw.HISTORY, run, recipe));
  }

  /** Returns at most so many runs of each task as the recipe allows, the same ones whatever else is in the list. */
  static List<ScoredRun> choose(List<ScoredRun> runs, Recipe recipe) {
    Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
    runs.forEach(run -> byTask.computeIfAbsent(run.task(), t -> new ArrayList<>()).add(run));
    List<ScoredRun> chosen = new ArrayList<>();
    for (List<ScoredRun> ofTask : byTask.values()) {
      ofTask.sort(
          Comparator.comparingInt((ScoredRun run) -> random(Draw.CHOICE, run, recipe).nextInt())
              .thenComparing(run -> run.run().context().run()));
      chosen.addAll(ofTask.subList(0, Math.min(ofTask.size(), recipe.runsPerTask())));
    }
    return chosen;
  }

  /** Returns the rows of the chosen runs, each at one of the prices. */
  WeightedRows rows(List<ScoredRun> chosen, double[] prices, Targets targets) {
    Map<TaskId, Integer> runsOfTask = new HashMap<>();
    chosen.forEach(run -> runsOfTask.merge(run.task(), 1, Integer::sum));
    int size = 0;
    for (ScoredRun run : chosen) {
      size += samples.computeIfAbsent(run, r -> extract(r, prices)).points.length;
    }
    float[][] features = new float[size][];
    float[] labels = new float[size];
    float[] weights = new float[size];
    int[] priceOf = new int[size];
    double[] total = new double[prices.length];
    int[] count = new int[prices.length];
    int row = 0;
    for (ScoredRun run : chosen) {
      Sample sample = samples.get(run);
      double[][] values = targets.of(run);
      double share = 1 / (sample.points.length * (runsOfTask.get(run.task()) + recipe.fewRuns())) * run.censoring().shown();
      for (int k = 0; k < sample.points.length; k++) {
        int p = sample.prices[k];
        double value = values[p][sample.points[k]];
        count[p]++;
        if (run.isStopped() && value == 0) {
          continue; // it counts all the same: what stands for it brings its weight, and other rows weigh what they would if it were known
        }
        double weight = (Math.abs(value) + SMALLEST_STAKE) * share;
        features[row] = sample.features[k];
        labels[row] = value >= 0 ? 1 : 0;
        weights[row] = (float) weight;
        priceOf[row] = p;
        total[p] += weight;
        row++;
      }
    }
    int kept = row;
    for (row = 0; row < kept; row++) {
      weights[row] *= (float) (count[priceOf[row]] / total[priceOf[row]]);
    }
    boolean areAll = kept == size;
    return new WeightedRows(
        areAll ? features : Arrays.copyOf(features, kept),
        width,
        areAll ? labels : Arrays.copyOf(labels, kept),
        areAll ? weights : Arrays.copyOf(weights, kept),
        "%d runs at prices %s".formatted(chosen.size(), Arrays.toString(prices)));
  }

  /** Returns a few of the rows in full, by which a reader of the model file can check its scorer. */
  float[][] golden(List<ScoredRun> chosen, int most) {
    float[][] golden = new float[Math.min(most, chosen.size())][];
    for (int i = 0; i < golden.length; i++) {
      Sample sample = samples.get(chosen.get(i * chosen.size() / golden.length));
      golden[i] = sample.features[i % sample.points.length].clone();
    }
    return golden;
  }

  /** Asks at some points; at each at one price, the prices taking turns, or at more where a run has few points. */
  private Sample extract(ScoredRun run, double[] prices) {
    int[] where = randomPoints(run);
    int asked = Math.max(1, Math.min(prices.length, recipe.rowsPerRun() / where.length));
    int[] points = new int[where.length * asked];
    int[] priceOf = new int[points.length];
    float[][] features = new float[points.length][width];
    int turn = random(Draw.FIRST_PRICE, run, recipe).nextInt(prices.length);
    FeatureExtractor extractor = new FeatureExtractor(observed(run), shown(run));
    int point = 0;
    int row = 0;
    boolean hideTrainLoss = random(Draw.TRAIN_LOSS, run, recipe).nextDouble() < recipe.unknownTrainLoss();
    String metric = run.run().context().objective().metric();
    List<Step> steps = run.run().steps();
    for (int s = 0; row < points.length; s++) { // steps after the last row tell nothing
      Step step = steps.get(s);
      if (extractor.observe(hideTrainLoss ? step.only(metric) : step) && point++ == where[row / asked]) {
        int first = row;
        for (int i = 0; i < asked; i++, row++) {
          points[row] = where[row / asked];
          priceOf[row] = turn++ % prices.length;
          float price = FeatureExtractor.priceFeature(prices[priceOf[row]]);
          if (i == 0) {
            features[row][FeatureExtractor.PRICE] = price;
            extractor.write(features[row]);
          } else {
            System.arraycopy(features[first], 0, features[row], 0, width);
            features[row][FeatureExtractor.PRICE] = price;
            extractor.reprice(features[row]);
          }
        }
      }
    }
    return new Sample(points, priceOf, features);
  }

  private TaskHistory shown(ScoredRun run) {
    boolean hide = random(Draw.WITHOUT_HISTORY, run, recipe).nextDouble() < recipe.withoutHistory();
    return hide ? TaskHistory.NONE : historyOf(run);
  }

  /** What the model is shown as known at the start: now and then without the horizon. */
  private RunContext observed(ScoredRun run) {
    RunContext context = run.run().context();
    boolean hide = random(Draw.HORIZON, run, recipe).nextDouble() < recipe.unknownHorizon();
    return hide ? context.withHorizon(Horizon.UNKNOWN) : context;
  }

  /** Some points in order, without the last one, at which there is nothing to decide. */
  private int[] randomPoints(ScoredRun run) {
    return random(Draw.POINTS, run, recipe)
        .ints(0, run.length() - 1)
        .distinct()
        .limit(Math.min(recipe.rowsPerRun(), run.length() - 1))
        .sorted()
        .toArray();
  }

  /**
   * A generator of a run's own for one purpose. Neighbouring seeds of {@link Random} begin nearly alike, and names such as r1 and
   * r2 have neighbouring hash codes, so the seed is mixed first (SplitMix64's finaliser).
   */
  private static Random random(Draw draw, ScoredRun run, Recipe recipe) {
    long seed = 31L * run.task().hashCode() + run.run().context().run().hashCode() + recipe.seed();
    seed += draw.ordinal() * 0x9e3779b97f4a7c15L;
    seed = (seed ^ seed >>> 30) * 0xbf58476d1ce4e5b9L;
    seed = (seed ^ seed >>> 27) * 0x94d049bb133111ebL;
    return new Random(seed ^ seed >>> 31);
  }
}
