package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;
import io.stopcast.model.Promise;
import io.stopcast.model.Promise.Unit;
import io.stopcast.model.Promises;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.Folds;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.OnnxExport;
import io.stopcast.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PromiseRecipeTest {
  private static final double[] PRICES = {0.1, 0.3};
  private static final Recipe SMALL = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, Integer.MAX_VALUE, 0.3, 0, 0, 40, 10, 0, 3, 0.5, 0.5, 7);
  private static final RegretLimit LOOSE = new RegretLimit.Exceeding(.1, .3);

  private final List<ScoredRun> runs = runs();

  /** 16 tasks of 16 runs, each of a configuration of its own. */
  private static List<ScoredRun> runs() {
    List<Run> runs = new ArrayList<>();
    for (Run run : RecordedRuns.history(16, 16, 3)) {
      RunContext c = run.context();
      String name = c.task() + "-" + c.run();
      runs.add(
          new Run(
              new RunContext(c.source(), c.task(), name, c.objective(), c.horizon(), c.costUnit(), c.parameters()),
              run.steps(),
              run.end()));
    }
    return ScoredRun.of(runs);
  }

  private PromiseRecipe.Promised train(RegretLimit limit, Set<Unit> units) {
    return new PromiseRecipe(limit, .8, units, 1).train(new LearnedRecipe(SMALL), runs, PRICES, Map.of());
  }

  @Test
  void train_bothUnits_certifiesWhatTheFilesPolicyDoesOnTheHeldOutUnits() {
    PromiseRecipe.Promised promised = train(LOOSE, Set.of(Unit.TASK, Unit.RUN));
    ModelFile model = promised.model();
    CalibrationSplit split = CalibrationSplit.of(runs, Set.of(Unit.TASK, Unit.RUN), Calibration.needed(LOOSE, .8), 1);
    assertEquals(split.training().size(), promised.trainingRuns());
    assertEquals(2, promised.certified().size());
    assertEquals(
        model.promises(), new Promises(promised.certified().stream().map(Calibration.Certified::promise).toList()));
    assertEquals(model.promises(), Promises.parse(model.metadata().get(ModelFile.PROMISE)));
    Set<String> held = Set.copyOf(split.held().stream().map(run -> run.run().context().run()).toList());
    assertEquals(
        split.training().size(), model.priors().tasks().values().stream().mapToInt(h -> h.runs().size()).sum());
    assertFalse(held.isEmpty());

    for (Calibration.Certified certified : promised.certified()) {
      Promise promise = certified.promise();
      assertTrue(promise.byPrice().values().stream().anyMatch(Promise.Certificate::isCertified), promise.toString());
      List<List<ScoredRun>> units = split.units().get(promise.unit());
      assertEquals(units.size(), promise.units());
      for (Calibration.Row row : certified.rows()) {
        assertTrue(row.certified() >= row.threshold(), "never bolder than at the price alone");
        assertTrue(row.riskWithin() <= row.risk() && row.savedWithin() <= row.saved(), row.toString());
        if (row.missing() > 0) {
          continue;
        }
        LearnedPolicy policy = LearnedPolicy.within(model, LOOSE, row.price());
        double risk = 0;
        double saved = 0;
        for (List<ScoredRun> unit : units) {
          for (ScoredRun run : unit) {
            assertEquals(promise.unit(), policy.unitOf(run.run().context()));
            int stop = Replay.of(policy, run.run()).point();
            risk += (run.hindsight().regret()[stop] > .1 ? 1.0 : 0) / unit.size() / units.size();
            saved += (1 - run.hindsight().share()[stop]) / unit.size() / units.size();
          }
        }
        assertEquals(row.riskWithin(), risk, 1e-9);
        assertEquals(row.savedWithin(), saved, 1e-9);
        assertTrue(risk <= .3, "certified with room to spare: " + risk);
      }
    }
  }

  @Test
  void train_alsoEarly_isNoBolderAndKeptAmongEarlyStops() throws Exception {
    RegretLimit limit = new RegretLimit.AlsoEarly(LOOSE, .9);
    PromiseRecipe.Promised overall = train(LOOSE, Set.of(Unit.RUN));
    PromiseRecipe.Promised both = train(limit, Set.of(Unit.RUN));
    CalibrationSplit split = CalibrationSplit.of(runs, Set.of(Unit.RUN), Calibration.needed(limit, .8), 1);
    boolean something = false;
    for (int p = 0; p < PRICES.length; p++) {
      Calibration.Row row = both.certified().get(0).rows().get(p);
      assertTrue(row.certified() >= overall.certified().get(0).rows().get(p).certified(), row.toString());
      if (row.missing() == 0) {
        something = true;
        LearnedPolicy policy = LearnedPolicy.within(both.model(), limit, PRICES[p]);
        assertEquals(policy.threshold(), LearnedPolicy.within(both.model(), LOOSE, PRICES[p]).threshold(), "it covers the looser limit");
        int early = 0;
        int lose = 0;
        List<ScoredRun> judged = split.held();
        for (ScoredRun run : judged) { // each a configuration of its own
          int stop = Replay.of(policy, run.run()).point();
          boolean isEarly = run.hindsight().share()[stop] < .9;
          early += isEarly ? 1 : 0;
          lose += isEarly && run.hindsight().regret()[stop] > .1 ? 1 : 0;
        }
        assertEquals((double) early / judged.size(), row.early().orElseThrow().shareWithin(), 1e-9);
        assertEquals((double) lose / early, row.early().orElseThrow().riskWithin(), 1e-9);
        assertTrue(Binomial.atMost(lose, early, .3) <= .2);
      }
    }
    assertTrue(something, "something was certified");
    assertEquals(List.of(), overall.certified().get(0).rows().stream().filter(row -> row.early().isPresent()).toList());
  }

  /** A unit is a run; of the three families one has too few for a certificate, which takes 5. */
  @Test
  void train_byFamily_certifiesThoseWithEnoughUnitsByTheirOwn() throws Exception {
    List<ScoredRun> named = ScoredRun.of(runs.stream().map(ScoredRun::run).map(PromiseRecipeTest::inFamily).toList());
    PromiseRecipe recipe = new PromiseRecipe(LOOSE, .8, Set.of(Unit.RUN), true, 1);
    PromiseRecipe.Promised promised = recipe.train(new LearnedRecipe(SMALL), named, PRICES, Map.of());
    Promise promise = promised.model().promises().all().get(0);
    assertEquals(Set.of("big", "small"), promise.families().keySet());
    List<ScoredRun> held = CalibrationSplit.of(named, Set.of(Unit.RUN), Calibration.needed(LOOSE, .8), 1).held();
    for (int p = 0; p < PRICES.length; p++) {
      LearnedPolicy policy = LearnedPolicy.within(promised.model(), LOOSE, PRICES[p]);
      Calibration.Row row = promised.certified().get(0).rows().get(p);
      assertEquals(List.of("big", "small", "tiny"), row.families().stream().map(Calibration.FamilyRow::family).toList());
      double mean = 0;
      for (Calibration.FamilyRow family : row.families()) {
        List<ScoredRun> of = held.stream().filter(run -> run.run().context().family().equals(family.family())).toList();
        assertEquals(of.size(), family.units());
        mean += family.risk() * family.units() / held.size();
        assertEquals(of.size() >= 5, family.own().isPresent(), family.toString());
        double threshold = family.own().map(Calibration.Own::certified).orElse(row.certified());
        int lose = 0;
        for (ScoredRun run : of) {
          assertEquals(threshold, policy.thresholdFor(run.run().context()));
          lose += run.hindsight().regret()[Replay.of(policy, run.run()).point()] > .1 ? 1 : 0;
        }
        if (family.own().isPresent()) {
          Calibration.Own own = family.own().get();
          assertEquals(promise.families().get(family.family()).byPrice().get(PRICES[p]).threshold(), threshold);
          assertEquals((double) lose / of.size(), own.risk(), 1e-9);
          assertTrue(own.missing() > 0 || Binomial.atMost(lose, of.size(), .3) <= .2, family.toString());
        }
      }
      assertEquals(row.riskWithin(), mean, 1e-9);
    }
    assertTrue(PromiseRecipe.again(promised.model().promises(), 1).orElseThrow().byFamily());
  }

  private static Run inFamily(Run run) {
    RunContext c = run.context();
    boolean isTiny = c.run().endsWith("run7") && c.task().length() == "test/data0".length(); // ten runs
    String family = isTiny ? "tiny" : c.task().hashCode() % 4 == 0 ? "small" : "big";
    Map<String, Object> parameters = Map.of("family", family, "name", c.run()); // or all of a family would be one configuration
    return new Run(
        new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), parameters), run.steps(), run.end());
  }

  @Test
  void train_sameInput_sameBytes() {
    assertArrayEquals(
        train(LOOSE, Set.of(Unit.RUN)).model().bytes(), train(LOOSE, Set.of(Unit.RUN)).model().bytes());
  }

  @Test
  void train_tooFewUnits_neverStopsAndSaysHowManyAreMissing() {
    RegretLimit limit = new RegretLimit.Exceeding(.02, .02);
    PromiseRecipe.Promised promised = train(limit, Set.of(Unit.TASK));
    Promise promise = promised.certified().get(0).promise();
    assertEquals(8, promise.units());
    for (Calibration.Row row : promised.certified().get(0).rows()) {
      assertEquals(Double.POSITIVE_INFINITY, row.certified());
      assertTrue(row.missing() >= 80 - 8, row.toString());
      assertEquals(0, row.savedWithin());
    }
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> LearnedPolicy.within(promised.model(), limit));
    assertTrue(e.getMessage().contains("units were missing"), e.getMessage());
  }

  @Test
  void withPriors_otherEarlierRuns_promisesNothing() {
    ModelFile model = train(LOOSE, Set.of(Unit.RUN)).model();
    assertEquals(Promises.NONE, OnnxExport.withPriors(model, Priors.NONE).promises());
  }

  @Test
  void nothing_wholeHistory_isTheOrdinaryModel() {
    PromiseRecipe.Promised promised = PromiseRecipe.nothing(new LearnedRecipe(SMALL), runs, PRICES, Map.of());
    assertArrayEquals(new LearnedRecipe(SMALL).train(runs, PRICES, Map.of()).bytes(), promised.model().bytes());
    assertEquals(Promises.NONE, promised.model().promises());
    assertFalse(promised.model().metadata().containsKey(ModelFile.PROMISE));
  }

  @Test
  void again_oneLimit_isCertifiedForTheSameUnits_otherwiseNothing() {
    RegretLimit limit = new RegretLimit.Exceeding(.02, .1);
    NavigableMap<Double, Promise.Certificate> byPrice = new TreeMap<>(Map.of(.1, Promise.Certificate.never(3)));
    Promise run = new Promise(Promise.Unit.RUN, limit, .9, 7, byPrice);
    Promise task = new Promise(Promise.Unit.TASK, limit, .9, 7, byPrice);
    Promise other = new Promise(Promise.Unit.TASK, new RegretLimit.Mean(.01), .9, 7, byPrice);
    assertEquals(
        Optional.of(new PromiseRecipe(limit, .9, Set.of(Promise.Unit.RUN, Promise.Unit.TASK), 5)),
        PromiseRecipe.again(new Promises(List.of(run, task)), 5));
    assertEquals(Optional.empty(), PromiseRecipe.again(new Promises(List.of(run, other)), 5));
    assertEquals(Optional.empty(), PromiseRecipe.again(Promises.NONE, 5));
  }

  @Test
  void trial_heldOutRuns_areThoseThatTheCertifiedPoliciesStop() {
    PromiseRecipe recipe = new PromiseRecipe(LOOSE, .8, Set.of(Unit.RUN, Unit.TASK), 1);
    LearnedRecipe learner = new LearnedRecipe(SMALL);
    List<Folds.Turn> turns = Split.KNOWN_TASK.folds(runs, 3, 1).turns();
    List<PromiseTrial> trials = PromiseTrial.of(recipe, Unit.RUN, learner, turns, PRICES);
    assertEquals(List.of(.1, .3), trials.stream().map(PromiseTrial::price).toList());
    for (int p = 0; p < PRICES.length; p++) {
      PromiseTrial trial = trials.get(p);
      double broken = 0;
      double saved = 0;
      int judged = 0;
      for (Folds.Turn turn : turns) { // each run is a configuration of its own
        ModelFile model = new PromiseRecipe(LOOSE, .8, Set.of(Unit.RUN), 1).train(learner, turn.training(), PRICES, Map.of()).model();
        boolean never = !model.promises().all().get(0).byPrice().get(PRICES[p]).isCertified();
        for (ScoredRun run : turn.judged()) {
          int stop = never ? run.length() - 1 : Replay.of(LearnedPolicy.within(model, LOOSE, PRICES[p]), run.run()).point();
          broken += run.hindsight().regret()[stop] > .1 ? 1 : 0;
          saved += 1 - run.hindsight().share()[stop];
          judged++;
        }
      }
      assertEquals(judged, trial.units());
      assertEquals(broken / judged, trial.observed(), 1e-9);
      assertEquals(saved / judged, trial.saved(), 1e-9);
      assertEquals(.3, trial.promised());
      assertTrue(trial.interval().low() <= trial.observed() && trial.observed() <= trial.interval().high(), trial.toString());
    }
    assertTrue(trials.stream().anyMatch(trial -> trial.saved() > 0), "something was certified");
    RegretLimit limit = new RegretLimit.AlsoEarly(LOOSE, 1);
    List<PromiseTrial> both = PromiseTrial.of(new PromiseRecipe(limit, .8, Set.of(Unit.RUN), 1), Unit.RUN, learner, turns, new double[] {.3});
    assertEquals(List.of(LOOSE, limit), both.stream().map(PromiseTrial::limit).toList());
    assertTrue(both.get(1).units() < both.get(0).units() && both.get(1).observed() >= both.get(0).observed(), both.toString());
    assertEquals(both.get(0).observed() * both.get(0).units(), both.get(1).observed() * both.get(1).units(), 1e-6, "only who is stopped loses");
    List<Folds.Turn> newTasks = Split.UNSEEN_TASK.folds(runs, 2, 1).turns();
    assertEquals(List.of(), PromiseTrial.of(recipe, Unit.RUN, learner, newTasks, PRICES), "no held-out run is of a known task");
  }
}
