package io.stopcast.train;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.history.Curve;
import io.stopcast.history.TaskId;
import io.stopcast.label.TaskScales;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.SweepReplay;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import io.stopcast.sweep.RankedSweep;
import io.stopcast.sweep.Sweep;
import io.stopcast.sweep.SweepPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * From sweeps to weighted rows: what {@link RankedSweep} would be shown at random points of its runs, and whether stopping there was right.
 *
 * <p>Each sweep is replayed, and so that what is learned holds beside runs that were stopped, every second run is stopped at random. Stopping is
 * right where no later stop of the run has a smaller loss of the sweep: the regret of its best value and the price of the run's share of its
 * compute. What the others come to is not taken for certain, for they may be stopped as well: what they have shown counts, and of what they
 * would still come to each is there with one half. So of several runs that would end near the best each is worth keeping a little, and a run
 * is worth the less the more others would surpass it. A row weighs what a wrong answer costs, as in {@link TrainingRows}.
 */
final class SweepRows {
  /** Whether another run comes to its end. */
  private static final double OTHER_ENDS = .5;

  /** Keeps the weight of a row at which both answers cost the same above 0. */
  private static final double SMALLEST_STAKE = 1e-5;

  /** Beyond so many better ones a run matters to nobody. */
  private static final int RIVALS = 8;

  private final Recipe recipe;
  private final double price;
  private final int workers;
  private final TaskScales scales;

  /**
   * @param price what the compute of a full sweep is worth, in units of what its task has to gain
   * @param workers how many runs go on at once
   */
  SweepRows(Recipe recipe, double price, int workers, TaskScales scales) {
    this.recipe = recipe;
    this.price = price;
    this.workers = workers;
    this.scales = scales;
  }

  private record Row(TaskId task, float[] features, double value, double share) {}

  /**
   * @param policies what judges a run of a task alone: one that has not seen the task
   */
  WeightedRows rows(List<List<ScoredRun>> sweeps, Function<TaskId, ? extends StopPolicy> policies) {
    Map<TaskId, Integer> runsOfTask = new HashMap<>();
    sweeps.forEach(sweep -> runsOfTask.merge(sweep.get(0).task(), sweep.size(), Integer::sum));
    List<Row> rows = new ArrayList<>();
    for (int s = 0; s < sweeps.size(); s++) {
      rows.addAll(rows(sweeps.get(s), policies.apply(sweeps.get(s).get(0).task()), recipe.seed() + s));
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "in %d sweeps no run has %d points and another beside it, so that there is nothing to learn; give longer runs"
              .formatted(sweeps.size(), LearnedPolicy.WARM_UP_POINTS + 1));
    }
    float[][] features = new float[rows.size()][];
    float[] labels = new float[rows.size()];
    float[] weights = new float[rows.size()];
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      Row row = rows.get(i);
      features[i] = row.features;
      labels[i] = row.value >= 0 ? 1 : 0;
      weights[i] = (float) ((Math.abs(row.value) + SMALLEST_STAKE) * row.share / (runsOfTask.get(row.task) + recipe.fewRuns()));
      total += weights[i];
    }
    for (int i = 0; i < labels.length; i++) {
      weights[i] *= (float) (labels.length / total);
    }
    return new WeightedRows(features, RankedSweep.schema().size(), labels, weights, "%d sweeps at price %s".formatted(sweeps.size(), price));
  }

  private List<Row> rows(List<ScoredRun> runs, StopPolicy policy, long seed) {
    Recording recording = new Recording(runs, policy, seed);
    SweepReplay.of(recording, runs, workers);
    return recording.rows;
  }

  /** Never stops, and keeps what it was asked. */
  private static final class Asked implements StopModel {
    private float[] row;

    @Override
    public FeatureSchema schema() {
      return RankedSweep.schema();
    }

    @Override
    public float margin(float[] features) {
      row = features.clone();
      return Float.NEGATIVE_INFINITY;
    }

    @Override
    public void close() {}
  }

  /** One replay of a sweep. */
  private final class Recording implements SweepPolicy, Sweep {
    private final List<ScoredRun> runs;
    private final double[] finals;
    private final double[] seen;
    private final double cost;
    private final Asked asked = new Asked();
    private final Sweep sweep;
    private final SplittableRandom random;
    private final List<Row> rows = new ArrayList<>();
    private int watched;

    Recording(List<ScoredRun> runs, StopPolicy policy, long seed) {
      this.runs = runs;
      this.finals = runs.stream().mapToDouble(run -> run.curve().finalBest()).toArray();
      this.seen = new double[runs.size()];
      Arrays.fill(seen, Double.NEGATIVE_INFINITY);
      this.cost = runs.stream().mapToDouble(Recording::cost).sum();
      this.sweep = new RankedSweep(policy, asked, 1, 0).sweep();
      this.random = new SplittableRandom(seed);
    }

    private static double cost(ScoredRun run) {
      double cost = run.curve().cost()[run.length() - 1];
      return cost > 0 && cost < Double.POSITIVE_INFINITY ? cost : run.length();
    }

    @Override
    public Sweep sweep() {
      return this;
    }

    @Override
    public Watch watch(RunContext run) {
      int number = watched++;
      ScoredRun scored = runs.get(number);
      Watch watch = sweep.watch(run);
      double stopAt = random.nextBoolean() ? random.nextDouble() : 1;
      double chosen = Math.min(1, (double) recipe.rowsPerRun() / scored.length());
      return new Watch() {
        private int point;

        @Override
        public Decision observe(Step step) {
          asked.row = null;
          watch.observe(step);
          if (!run.objective().isReportedBy(step)) {
            return Decision.CONTINUE;
          }
          int t = point++;
          double best = scored.curve().best()[t];
          seen[number] = Double.isNaN(best) ? seen[number] : best;
          boolean take = random.nextDouble() < chosen;
          if (take && asked.row != null && t < scored.length() - 1) {
            double share = 1 / Math.min(recipe.rowsPerRun(), (double) scored.length());
            rows.add(new Row(scored.task(), asked.row, value(number, t), share));
          }
          return scored.curve().share(t) > stopAt ? new Decision.Stop("at random", "at random") : Decision.CONTINUE;
        }

        @Override
        public void end() {
          watch.end();
        }
      };
    }

    /** By how much the best later stop of a run is worse for the sweep than one at this point. */
    private double value(int run, int t) {
      Curve curve = runs.get(run).curve();
      double scale = scales.of(runs.get(run).task());
      double here = price * cost(runs.get(run)) / cost;
      double[] floors = floors(run);
      double bestLater = Double.POSITIVE_INFINITY;
      double before = Double.NaN;
      double regret = 0;
      double now = 0;
      for (int u = t; u < curve.length(); u++) {
        if (curve.best()[u] != before) { // a running best mostly stands still
          before = curve.best()[u];
          regret = regret(finals[run], before, floors, scale);
        }
        double loss = regret + here * curve.share(u);
        now = u == t ? loss : now;
        bestLater = u == t ? bestLater : Math.min(bestLater, loss);
      }
      return bestLater - now;
    }

    /** What others come to, best first, and no less than what they have shown; the last one is what they have shown. */
    private double[] floors(int run) {
      double shown = Double.NEGATIVE_INFINITY;
      List<Double> rivals = new ArrayList<>();
      for (int other = 0; other < finals.length; other++) {
        if (other != run) {
          shown = Math.max(shown, seen[other]);
          rivals.add(finals[other]);
        }
      }
      double least = shown;
      rivals.removeIf(value -> !(value > least));
      rivals.sort(Comparator.reverseOrder());
      double[] floors = new double[Math.min(RIVALS, rivals.size()) + 1];
      for (int i = 0; i < floors.length - 1; i++) {
        floors[i] = rivals.get(i);
      }
      floors[floors.length - 1] = shown;
      return floors;
    }

    private double regret(double last, double best, double[] floors, double scale) {
      double left = 1;
      double regret = 0;
      for (int i = 0; i < floors.length; i++) {
        double probability = i == floors.length - 1 ? left : left * OTHER_ENDS;
        left -= probability;
        double lost = (last - (best > floors[i] ? best : floors[i])) / scale;
        regret += probability * (scale > 0 ? Math.min(1, Math.max(0, lost)) : 0);
      }
      return regret;
    }
  }
}
