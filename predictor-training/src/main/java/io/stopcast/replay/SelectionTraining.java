package io.stopcast.replay;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.label.Hindsight;
import io.stopcast.policy.Condition;
import io.stopcast.policy.Decision;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.Selection;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Learns which policy to pick for a run once its beginning was seen: among what another learner makes and the best setting of each family
 * of rules.
 *
 * <p>What each would have lost on a run comes from the others: models are trained and rules tuned on a part of the training runs that
 * lacks it, held out as those to be judged will be. The single best one decides where nothing is known to be better: the learned policy,
 * unless another one loses less by more than the margin, and by more than two standard errors. A tree of few questions about the
 * beginning of the curve ({@link FeatureExtractor}, without a history) is grown to where others gain most over it (S. Athey, S. Wager,
 * "Policy Learning with Observational Data", 2021); gains are drawn towards those of the node above by k / (n + k), n being its number of
 * tasks. How many questions and which k is chosen on tasks that the tree was not grown on, and unless it gains more than the margin there,
 * and more than two standard errors, there is no selection: the single best policy alone is what comes out.
 *
 * <p>Learning costs four fits of the other learner instead of one. Safe for several threads if that is.
 */
public final class SelectionTraining implements Learner {
  /** After so many points, and so much of the plan, a policy is chosen: two more than the warm-up of the learned one. */
  private static final long POINTS = 5;

  private static final double SHARE = 0.1;

  /** What must be gained on runs that were held out, as a share of what the compute of a full run is worth. */
  public static final double MARGIN = 0.02;

  /** What stands for the learned policy among the candidates. */
  private static final String LEARNED = "learned";

  private static final int TREE_FOLDS = 5;
  private static final long TREE_SEED = 20_260_103; // other parts than those by which models were held out
  private static final int[] DEPTHS = {1, 2, 3};
  private static final double[] STRENGTHS = {30, 10, 3, 1};

  /** A leaf of fewer tasks, or parts of tasks, is not made. */
  private static final double LEAST_TASKS = 5;

  private static final String PLANNED = "planned";

  private final RuleReplays rules;
  private final Learner learner;
  private final Split heldOut;
  private final Map<ScoredRun, Integer> positions = new IdentityHashMap<>();
  private final List<StopPolicy> settings;

  /**
   * @param rules replays of all runs that will be learned from
   * @param learner of the policy that competes with them
   * @param heldOut how those that will be judged are held out; training holds runs out in the same way
   */
  public SelectionTraining(RuleReplays rules, Learner learner, Split heldOut) {
    this.rules = rules;
    this.learner = learner;
    this.heldOut = heldOut;
    for (int r = 0; r < rules.runs().size(); r++) {
      positions.put(rules.runs().get(r), r);
    }
    settings = rules.families().stream().flatMap(family -> family.settings().stream()).toList();
  }

  @Override
  public Chosen fit(List<ScoredRun> training, double[] prices) {
    int candidates = 1 + rules.families().size();
    Folds folds = heldOut.folds(training, HeldOutStops.FOLDS, HeldOutStops.SEED);
    int[] judged = folds.judged();
    Beginnings beginnings = Beginnings.of(training, judged, rules.shown());
    Played[][][] played = new Played[prices.length][candidates][training.size()];
    for (Fold fold : folds.folds()) {
      List<StopPolicy> learned = learner.fit(Fold.select(training, fold.training()), prices).policies();
      for (int p = 0; p < prices.length; p++) {
        List<StopPolicy> policies = new ArrayList<>(List.of(learned.get(p)));
        for (int setting : rules.best(rules.losses(positionsOf(Fold.select(training, fold.training())), prices[p]))) {
          policies.add(settings.get(setting));
        }
        for (int r : fold.judged()) {
          ScoredRun run = training.get(r);
          for (int c = 0; c < candidates; c++) {
            played[p][c][r] = Played.of(policies.get(c), rules.shown().show(run.run()), run.length(), beginnings.point()[r]);
          }
        }
      }
    }
    Learned all = learner.fit(training, prices);
    List<PolicyChoice> choices = new ArrayList<>();
    for (int p = 0; p < prices.length; p++) {
      int[] best = rules.best(rules.losses(positionsOf(training), prices[p]));
      List<String> words = new ArrayList<>(List.of(LEARNED + "(price " + prices[p] + ")"));
      Arrays.stream(best).mapToObj(setting -> settings.get(setting).toString()).forEach(words::add);
      choices.add(choice(training, judged, beginnings, played[p], words, prices[p]));
    }
    return new Chosen(choices, Optional.of(all), Arrays.stream(prices).boxed().toList());
  }

  private int[] positionsOf(List<ScoredRun> some) {
    return some.stream().mapToInt(run -> positions.get(run)).toArray();
  }

  /**
   * Where a policy stops a run.
   *
   * @param first had nobody else been asked
   * @param later at the earliest once it is chosen
   */
  private record Played(int first, int later) {
    static Played of(StopPolicy policy, Run run, int length, int chosenAt) {
      StopPolicy.Watch watch = policy.watch(run.context());
      int first = length - 1;
      int point = 0;
      for (Step step : run.steps()) {
        if (watch.observe(step) instanceof Decision.Stop) {
          first = Math.min(first, point);
          if (point >= chosenAt) {
            return new Played(first, point);
          }
        }
        point += run.context().objective().isReportedBy(step) ? 1 : 0;
      }
      return new Played(first, length - 1);
    }
  }

  /**
   * How runs begin.
   *
   * @param point for each run that at which a policy is chosen; its length if it ends before
   * @param facts what may be asked
   * @param values [fact][run]; NaN where it is not known
   */
  private record Beginnings(int[] point, List<String> facts, double[][] values) {
    static Beginnings of(List<ScoredRun> runs, int[] chosen, ShownHorizon shown) {
      List<String> names = FeatureExtractor.schema().names();
      int[] asked =
          IntStream.range(0, names.size())
              .filter(i -> i != FeatureExtractor.PRICE && !names.get(i).startsWith("prior."))
              .toArray();
      double[][] values = new double[asked.length + 1][runs.size()];
      Arrays.stream(values).forEach(of -> Arrays.fill(of, Double.NaN));
      int[] points = new int[runs.size()];
      for (int r : chosen) {
        Run run = shown.show(runs.get(r).run());
        FeatureExtractor extractor = new FeatureExtractor(run.context());
        points[r] = runs.get(r).length();
        for (Step step : run.steps()) {
          if (extractor.observe(step) && Selection.isDue(extractor, POINTS, SHARE)) {
            float[] row = extractor.features();
            for (int f = 0; f < asked.length; f++) {
              values[f][r] = row[asked[f]];
            }
            points[r] = (int) extractor.points() - 1;
            break;
          }
        }
        if (Condition.value(run.context(), PLANNED) instanceof Number planned) {
          values[asked.length][r] = planned.doubleValue();
        }
      }
      List<String> facts =
          Stream.concat(Arrays.stream(asked).mapToObj(i -> Condition.CURVE + names.get(i)), Stream.of(PLANNED)).toList();
      return new Beginnings(points, facts, values);
    }
  }

  private PolicyChoice choice(
      List<ScoredRun> training, int[] judged, Beginnings beginnings, Played[][] played, List<String> words, double price) {
    double[] weights = TaskWeights.of(training, judged);
    int best = single(training, judged, weights, played, price);
    double[][] gains = new double[played.length][judged.length];
    for (int c = 0; c < gains.length; c++) {
      for (int i = 0; i < judged.length; i++) {
        ScoredRun run = training.get(judged[i]);
        Played alone = played[best][judged[i]];
        boolean isChosenFor = beginnings.point()[judged[i]] < run.length() && alone.first() >= beginnings.point()[judged[i]];
        int later = isChosenFor ? played[c][judged[i]].later() : alone.first();
        gains[c][i] = run.hindsight().loss(alone.first(), price) - run.hindsight().loss(later, price);
      }
    }
    SelectionTree.Rows rows =
        new SelectionTree.Rows(
            beginnings.facts(),
            Arrays.stream(beginnings.values())
                .map(of -> Arrays.stream(judged).mapToDouble(r -> of[r]).toArray())
                .toArray(double[][]::new),
            gains,
            weights,
            judged.length == 0 ? 0 : (int) Arrays.stream(judged).mapToObj(r -> training.get(r).task()).distinct().count());
    List<SelectionTree.Leaf> leaves = grown(Fold.select(training, judged), rows, MARGIN * price);
    List<PolicyFile.Context> contexts = new ArrayList<>();
    for (SelectionTree.Leaf leaf : leaves) {
      String note = String.format(Locale.ROOT, "%.1f tasks; expected gain %.4f over 'otherwise'", leaf.tasks(), leaf.gain());
      contexts.add(new PolicyFile.Context(leaf.when(), words.get(leaf.candidate()), note, 0));
    }
    return new PolicyChoice(POINTS, SHARE, contexts, words.get(best));
  }

  /** The policy that decides where nothing is known to be better: the learned one unless another one pays over it. */
  private static int single(List<ScoredRun> training, int[] judged, double[] weights, Played[][] played, double price) {
    int best = 0;
    PairedGain most = new PairedGain(0, 0);
    for (int c = 1; c < played.length; c++) {
      double[] gained = new double[training.size()];
      for (int r : judged) {
        Hindsight hindsight = training.get(r).hindsight();
        gained[r] = hindsight.loss(played[0][r].first(), price) - hindsight.loss(played[c][r].first(), price);
      }
      PairedGain gain = PairedGain.of(training, judged, weights, gained);
      if (gain.mean() > most.mean()) {
        most = gain;
        best = c;
      }
    }
    return most.pays(MARGIN * price) ? best : 0;
  }

  /** The leaves at which another policy than the single best is picked; none if that does not pay. */
  private List<SelectionTree.Leaf> grown(List<ScoredRun> runs, SelectionTree.Rows rows, double margin) {
    Folds folds = heldOut.folds(runs, TREE_FOLDS, TREE_SEED);
    int[] judged = folds.judged();
    double[] weights = TaskWeights.of(runs, judged);
    SelectionTree best = null;
    PairedGain most = new PairedGain(0, 0);
    for (int depth : DEPTHS) {
      for (double strength : STRENGTHS) {
        SelectionTree tree = new SelectionTree(depth, strength, LEAST_TASKS);
        double[] gained = new double[runs.size()];
        for (Fold fold : folds.folds()) {
          List<SelectionTree.Leaf> leaves = tree.grow(rows, fold.training());
          for (int r : fold.judged()) {
            gained[r] = rows.gain(leaves, r);
          }
        }
        PairedGain gain = PairedGain.of(runs, judged, weights, gained);
        if (gain.mean() > most.mean()) {
          most = gain;
          best = tree;
        }
      }
    }
    return best != null && most.pays(margin) ? best.grow(rows, IntStream.range(0, runs.size()).toArray()) : List.of();
  }
}
