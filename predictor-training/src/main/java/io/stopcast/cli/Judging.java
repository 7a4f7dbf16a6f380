package io.stopcast.cli;

import io.stopcast.registry.Contest;
import io.stopcast.replay.Baselines;
import io.stopcast.replay.ColdStart;
import io.stopcast.replay.Family;
import io.stopcast.replay.Fold;
import io.stopcast.replay.Folds;
import io.stopcast.replay.FurtherLearners;
import io.stopcast.replay.FurtherRules;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Part;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Results;
import io.stopcast.replay.RuleReplays;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.replay.Strategies;
import io.stopcast.report.Evaluation;
import io.stopcast.report.ResultsText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A learner on its way through the protocol: each table is printed as it is ready.
 *
 * <p>The rules are replayed once, and what was learned for one question serves the next. Runs that were stopped are held out and learned from as all
 * others, and neither judged nor tuned on.
 */
final class Judging {
  private final Protocol protocol;
  private final List<Split> splits;
  private final List<ScoredRun> runs;
  private final Part part;
  private final Learner learner;
  private final PrintWriter tables;
  private final PrintWriter err;
  private final List<RuleReplays> rules;
  private final Strategies strategies;

  Judging(
      Protocol protocol,
      List<Split> splits,
      List<ScoredRun> runs,
      Part part,
      List<ShownHorizon> horizons,
      Learner learner,
      boolean everyPolicy,
      PrintWriter tables,
      PrintWriter err) {
    this.protocol = protocol;
    this.splits = splits;
    this.runs = runs;
    this.part = part;
    this.learner = learner.remembering();
    this.tables = tables;
    this.err = err;
    this.rules = replayed(Baselines.families(), horizons);
    this.strategies =
        everyPolicy
            ? new Strategies(replayed(FurtherRules.families(), horizons), FurtherLearners.all(this.learner), true)
            : Strategies.NONE;
  }

  private List<RuleReplays> replayed(List<Family> families, List<ShownHorizon> horizons) {
    List<RuleReplays> all = new ArrayList<>();
    try (Progress progress = Progress.of("replaying the rules", (long) horizons.size() * runs.size())) {
      horizons.forEach(shown -> all.add(RuleReplays.of(families, runs, shown, progress::step)));
    }
    return all;
  }

  /** Judges under each split; one for which the history is too small is left out with a message. */
  List<Results> splits() {
    List<Results> all = new ArrayList<>();
    for (Split split : splits) {
      Optional<Folds> folds = folds(split, "split '" + split.word() + "'");
      if (folds.isPresent()) {
        List<Results> results = judge("judging " + split.word(), split, folds.get(), strategies(split));
        all.addAll(results);
        results.forEach(r -> print(ResultsText.of(r)));
      }
    }
    return all;
  }

  private Strategies strategies(Split split) {
    return strategies.equals(Strategies.NONE) ? strategies : strategies.with(FurtherLearners.choosing(learner, rules.get(0), split));
  }

  /**
   * What the learner loses on runs of known tasks, by price, each judged by what was learned without its configuration; only the wanted ones that
   * this split can judge, in their order.
   */
  Map<ScoredRun, double[]> heldOutLosses(Predicate<ScoredRun> wanted) {
    double[] prices = protocol.prices().stream().mapToDouble(Double::doubleValue).toArray();
    Map<ScoredRun, double[]> losses = new LinkedHashMap<>();
    if (Split.KNOWN_TASK.available(runs, protocol.folds(), protocol.seed()) < protocol.folds()) {
      return losses;
    }
    Folds folds = Split.KNOWN_TASK.folds(runs, protocol.folds(), protocol.seed()).judging(run -> !run.isStopped() && wanted.test(run));
    for (Fold fold : folds.folds()) {
      List<ScoredRun> judged = Fold.select(runs, fold.judged());
      double[][] ofFold =
          Contest.losses(learner.fit(Fold.select(runs, fold.training()), prices).policies(), judged, prices);
      for (int r = 0; r < judged.size(); r++) {
        int position = r;
        double[] ofRun = new double[prices.length];
        Arrays.setAll(ofRun, p -> ofFold[p][position]);
        losses.put(judged.get(r), ofRun);
      }
    }
    return losses;
  }

  /** Judges on unseen tasks of which so many runs are given; a list for each horizon, empty if no task has enough runs. */
  List<SortedMap<Integer, Results>> coldStart(List<Integer> counts) {
    ColdStart cold = new ColdStart(protocol, counts);
    Optional<Folds> folds = folds(Split.UNSEEN_TASK, "the cold start");
    if (folds.isEmpty()) {
      return List.of();
    }
    if (!cold.isPossible(folds.get())) {
      err.printf("the cold start left out: no task has the %d runs that it needs%n", cold.runsNeeded());
      return List.of();
    }
    try (Progress progress = Progress.of("judging cold starts", folds.get().folds().size())) {
      List<SortedMap<Integer, Results>> curves = cold.judge(folds.get(), rules, learner, progress::step);
      curves.forEach(curve -> print(ResultsText.byRuns("cold start, runs of the unseen task", curve)));
      return curves;
    }
  }

  /** Judges on known tasks, of each of which at most so many runs are there to learn from; a list for each horizon. */
  List<SortedMap<Integer, Results>> learningCurve(List<Integer> counts) {
    Optional<Folds> folds = folds(Split.KNOWN_TASK, "the learning curve");
    if (folds.isEmpty()) {
      return List.of();
    }
    List<SortedMap<Integer, Results>> curves = new ArrayList<>();
    rules.forEach(r -> curves.add(new TreeMap<>()));
    for (int most : counts) {
      Folds thinned = folds.get().thinned(most, protocol.seed());
      List<Results> results = judge("judging histories of " + most, Split.KNOWN_TASK, thinned, Strategies.NONE);
      for (int i = 0; i < curves.size(); i++) {
        curves.get(i).put(most, results.get(i));
      }
    }
    curves.forEach(curve -> print(ResultsText.byRuns("learning curve, runs a task at most", curve)));
    return curves;
  }

  Protocol protocol() {
    return protocol;
  }

  /** Results of its own with who was judged by what, which gives back what it has learned so far without learning it again. */
  List<Evaluation.Judged> looked(List<Results> judged) {
    return judged.stream().map(results -> new Evaluation.Judged(results, turns(results.split()), learner)).toList();
  }

  /** Who was judged by what was learned from whom. */
  List<Folds.Turn> turns(Split split) {
    return split.folds(runs, protocol.folds(), protocol.seed()).judging(this::mayBeJudged).turns();
  }

  /** What a stopped run would have lost nobody knows. */
  private boolean mayBeJudged(ScoredRun run) {
    return part.holds(run) && !run.isStopped();
  }

  private Optional<Folds> folds(Split split, String what) {
    int wanted = split.wanted(runs, protocol.folds());
    if (split.available(runs, protocol.folds(), protocol.seed()) < wanted) {
      err.printf(
          "%s left out: it needs at least %d %s to hold out, and the history has fewer%n", what, wanted, split.holdsOut());
      return Optional.empty();
    }
    Folds folds = split.folds(runs, protocol.folds(), protocol.seed()).judging(this::mayBeJudged);
    if (folds.folds().isEmpty()) {
      err.printf("%s left out: there is no run in part '%s' that it can judge%n", what, part.word());
      return Optional.empty();
    }
    return Optional.of(folds);
  }

  private List<Results> judge(String task, Split split, Folds folds, Strategies further) {
    try (Progress progress = Progress.of(task, folds.folds().size())) {
      return protocol.judge(split, folds, rules, learner, further, progress::step);
    }
  }

  private void print(String table) {
    tables.println(table);
    tables.flush();
  }
}
