package io.stopcast.replay;

import io.stopcast.policy.Condition;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.StopPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tunes policies context by context: each context gets the setting that loses least there, as far as it has runs enough to tell.
 *
 * <p>What a setting loses in a context is its mean loss over the context's n tasks (of one task: over its n runs), drawn towards what it
 * loses in the context around it by k / (n + k), and so on up to all runs: the empirical Bayes estimate of a normal mean (W. James, C.
 * Stein, "Estimation with Quadratic Loss", 1961; C. Morris, "Parametric Empirical Bayes Inference", 1983). The ratio of the
 * variances, k, one for contexts of several tasks and one for those within a task, is chosen by what is lost on runs of the training part
 * that are held out as those to be judged will be. By which facts contexts are told is chosen along with it; and unless all of that gains
 * more than two standard errors over no contexts at all, there are none.
 *
 * <p>Safe for several threads.
 */
public final class ContextTuning implements Learner {
  /** By which facts contexts are told if nobody says: those that every run has. */
  public static final List<List<String>> USUAL =
      List.of(List.of("source", "task"), List.of("metric", "task"), List.of("planned", "task"), List.of("source", "planned", "task"));

  /** With the first a context says nothing of its own. */
  private static final double[] STRENGTHS = {Double.POSITIVE_INFINITY, 100, 30, 10, 3, 1};

  private static final int FOLDS = 5;
  private static final long SEED = 20_260_102; // other parts than those by which HeldOutStops held runs out

  private final RuleReplays rules;
  private final Split heldOut;
  private final List<List<String>> facts;
  private final Optional<Learner> learner;
  private final Map<ScoredRun, Integer> positions = new IdentityHashMap<>();
  private final List<StopPolicy> settings;

  /**
   * Tunes the rules alone.
   *
   * @param rules replays of all runs that will be learned from
   * @param heldOut how those that will be judged are held out; training holds runs out in the same way to see what helps
   * @param facts lists of facts by which contexts may be told, the widest context first
   */
  public ContextTuning(RuleReplays rules, Split heldOut, List<List<String>> facts) {
    this(rules, heldOut, facts, Optional.empty());
  }

  private ContextTuning(RuleReplays rules, Split heldOut, List<List<String>> facts, Optional<Learner> learner) {
    this.rules = rules;
    this.heldOut = heldOut;
    this.facts = List.copyOf(facts);
    this.learner = learner;
    for (int r = 0; r < rules.runs().size(); r++) {
      positions.put(rules.runs().get(r), r);
    }
    settings = rules.families().stream().flatMap(family -> family.settings().stream()).toList();
    for (List<String> levels : facts) {
      if (levels.isEmpty() || levels.size() != Set.copyOf(levels).size()) {
        throw new IllegalArgumentException("contexts are told by at least one fact, and none twice, but were to be by " + levels);
      }
      for (String fact : levels) {
        requireKnown(fact);
      }
    }
  }

  /**
   * The same, with what a learner makes among what may be chosen, at its own threshold and at some others. What that would lose is
   * found on runs that were held out; learning costs four fits instead of one.
   */
  public ContextTuning with(Learner other) {
    return new ContextTuning(rules, heldOut, facts, Optional.of(other));
  }

  private void requireKnown(String fact) {
    if (rules.runs().stream().allMatch(run -> Condition.value(run.run().context(), fact) == null)) {
      throw new IllegalArgumentException(
          "no run says what its '%s' is; they have %s and the parameters %s"
              .formatted(
                  fact,
                  new TreeSet<>(Condition.FACTS),
                  rules.runs().stream()
                      .flatMap(run -> run.run().context().parameters().keySet().stream())
                      .collect(Collectors.toCollection(TreeSet::new))));
    }
  }

  /**
   * One way of telling contexts, and how much each is drawn towards the one around it.
   *
   * @param ofTasks k where a context is one of several tasks
   * @param ofRuns k where it is one within a task
   * @param loss with these, on runs that were held out
   * @param gain there, over no contexts at all
   */
  private record Shrinkage(List<String> facts, double ofTasks, double ofRuns, double loss, PairedGain gain) {
    double of(int level) {
      return isWithinTask(facts, level) ? ofRuns : ofTasks;
    }
  }

  private static boolean isWithinTask(List<String> facts, int level) {
    return facts.subList(0, level).contains("task");
  }

  @Override
  public Chosen fit(List<ScoredRun> training, double[] prices) {
    Optional<HeldOutStops> learned =
        learner.map(some -> HeldOutStops.of(some, training, prices, heldOut, rules.shown()));
    int[] from = learned.map(HeldOutStops::judged).orElseGet(() -> IntStream.range(0, training.size()).toArray());
    List<ScoredRun> runs = Fold.select(training, from);
    List<PolicyChoice> choices = new ArrayList<>();
    for (int p = 0; p < prices.length; p++) {
      List<String> words = new ArrayList<>();
      List<double[]> losses = new ArrayList<>();
      for (int s = 0; s < settings.size(); s++) {
        int setting = s;
        words.add(settings.get(s).toString());
        losses.add(losses(runs, k -> rules.stop(setting, positions.get(runs.get(k))), prices[p]));
      }
      if (learned.isPresent()) {
        words.addAll(HeldOutStops.words(prices[p]));
        for (int[] stops : learned.get().stops()[p]) {
          losses.add(losses(runs, k -> stops[from[k]], prices[p]));
        }
      }
      choices.add(choice(runs, words, losses.toArray(double[][]::new)));
    }
    return new Chosen(choices, learner.map(some -> some.fit(training, prices)), Arrays.stream(prices).boxed().toList());
  }

  private static double[] losses(List<ScoredRun> runs, IntUnaryOperator stop, double price) {
    double[] losses = new double[runs.size()];
    Arrays.setAll(losses, k -> runs.get(k).hindsight().loss(stop.applyAsInt(k), price));
    return losses;
  }

  private PolicyChoice choice(List<ScoredRun> training, List<String> words, double[][] losses) {
    Folds folds = heldOut.folds(training, FOLDS, SEED);
    Shrinkage best = null;
    for (List<String> levels : facts) {
      Shrinkage candidate = shrinkage(training, Contexts.of(training, levels), levels, folds, losses);
      best = best == null || candidate.loss() < best.loss() ? candidate : best;
    }
    if (!best.gain().pays(0)) {
      best = new Shrinkage(best.facts(), Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, best.loss(), best.gain());
    }
    Contexts contexts = Contexts.of(training, best.facts());
    int[] all = IntStream.range(0, training.size()).toArray();
    Estimates estimates = Estimates.of(training, contexts, best.facts(), all, losses);
    return named(contexts, words, estimates, best);
  }

  private Shrinkage shrinkage(
      List<ScoredRun> training, Contexts contexts, List<String> levels, Folds folds, double[][] losses) {
    List<Shrinkage> grid = grid(levels);
    double[][] lossOf = new double[grid.size()][training.size()];
    for (Fold fold : folds.folds()) {
      Estimates estimates = Estimates.of(training, contexts, levels, fold.training(), losses);
      for (int g = 0; g < lossOf.length; g++) {
        int[] chosen = estimates.chosen(contexts, grid.get(g));
        for (int r : fold.judged()) {
          int[] path = contexts.paths()[r];
          lossOf[g][r] = losses[chosen[path[path.length - 1]]][r];
        }
      }
    }
    int[] judged = folds.judged();
    double[] weights = TaskWeights.of(training, judged);
    double[] sums = new double[grid.size()];
    int best = 0;
    for (int g = 0; g < sums.length; g++) {
      for (int i = 0; i < judged.length; i++) {
        sums[g] += weights[i] * lossOf[g][judged[i]];
      }
      best = sums[g] < sums[best] ? g : best;
    }
    double[] gained = new double[training.size()];
    for (int r : judged) {
      gained[r] = lossOf[0][r] - lossOf[best][r]; // the first has no context at all
    }
    PairedGain gain = PairedGain.of(training, judged, weights, gained);
    return new Shrinkage(levels, grid.get(best).ofTasks(), grid.get(best).ofRuns(), sums[best], gain);
  }

  /** The strongest first. */
  private static List<Shrinkage> grid(List<String> levels) {
    List<Shrinkage> grid = new ArrayList<>();
    for (double ofTasks : STRENGTHS) {
      for (double ofRuns : STRENGTHS) {
        grid.add(new Shrinkage(levels, ofTasks, ofRuns, Double.NaN, new PairedGain(0, 0)));
      }
    }
    return grid;
  }

  /** Mean losses in each context, and how much they rest on. */
  private record Estimates(double[][] means, int[] counts) {
    static Estimates of(List<ScoredRun> runs, Contexts contexts, List<String> facts, int[] chosen, double[][] losses) {
      int nodes = contexts.nodes().size();
      List<List<Integer>> members = new ArrayList<>();
      IntStream.range(0, nodes).forEach(node -> members.add(new ArrayList<>()));
      for (int r : chosen) {
        for (int node : contexts.paths()[r]) {
          members.get(node).add(r);
        }
      }
      double[][] means = new double[nodes][losses.length];
      int[] counts = new int[nodes];
      for (int node = 0; node < nodes; node++) {
        int[] in = members.get(node).stream().mapToInt(Integer::intValue).toArray();
        double[] weights = TaskWeights.of(runs, in);
        counts[node] =
            isWithinTask(facts, contexts.nodes().get(node).level())
                ? in.length
                : (int) Arrays.stream(in).mapToObj(r -> runs.get(r).task()).distinct().count();
        for (int s = 0; s < losses.length; s++) {
          for (int i = 0; i < in.length; i++) {
            means[node][s] += weights[i] * losses[s][in[i]];
          }
        }
      }
      return new Estimates(means, counts);
    }

    /** What each setting loses in a context, drawn towards what it loses around it. */
    double[][] shrunken(Contexts contexts, Shrinkage shrinkage) {
      double[][] shrunken = new double[means.length][];
      shrunken[0] = means[0];
      for (int node = 1; node < means.length; node++) {
        Contexts.Node of = contexts.nodes().get(node);
        double strength = shrinkage.of(of.level());
        double own = Double.isInfinite(strength) ? 0 : counts[node] / (counts[node] + strength);
        double[] around = shrunken[of.parent()];
        shrunken[node] = new double[around.length];
        for (int s = 0; s < around.length; s++) {
          shrunken[node][s] = around[s] + own * (means[node][s] - around[s]);
        }
      }
      return shrunken;
    }

    int[] chosen(Contexts contexts, Shrinkage shrinkage) {
      return Arrays.stream(shrunken(contexts, shrinkage)).mapToInt(Estimates::least).toArray();
    }

    private static int least(double[] losses) {
      int least = 0;
      for (int s = 1; s < losses.length; s++) {
        least = losses[s] < losses[least] ? s : least;
      }
      return least;
    }
  }

  /** Those contexts that have another setting than the one around them, narrow ones first. */
  private PolicyChoice named(Contexts contexts, List<String> words, Estimates estimates, Shrinkage shrinkage) {
    int[] chosen = estimates.chosen(contexts, shrinkage);
    double[][] shrunken = estimates.shrunken(contexts, shrinkage);
    List<PolicyFile.Context> named = new ArrayList<>();
    int[] own =
        IntStream.range(1, chosen.length)
            .filter(node -> chosen[node] != chosen[contexts.nodes().get(node).parent()])
            .boxed()
            .sorted(
                Comparator.comparing((Integer node) -> -contexts.nodes().get(node).level())
                    .thenComparing(node -> contexts.nodes().get(node).when().toString()))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int node : own) {
      Contexts.Node context = contexts.nodes().get(node);
      boolean isOneTask = isWithinTask(shrinkage.facts(), context.level());
      int count = estimates.counts()[node];
      String note =
          String.format(
              Locale.ROOT,
              "%d %s%s; expected loss %.4f, of the policy around it %.4f",
              count,
              isOneTask ? "run" : "task",
              count == 1 ? "" : "s",
              shrunken[node][chosen[node]],
              shrunken[node][chosen[context.parent()]]);
      named.add(new PolicyFile.Context(context.when(), words.get(chosen[node]), note, 0));
    }
    return new PolicyChoice(0, 0, named, words.get(chosen[0]));
  }
}
