package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.oracle.labs.mlrg.olcut.provenance.ObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.ProvenanceUtil;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.TaskHistory;
import io.stopcast.history.Curve;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Outlook;
import io.stopcast.model.Priors;
import io.stopcast.model.StopModel;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Stop;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tribuo.ONNXExportable;
import org.tribuo.provenance.ModelProvenance;

class LearnedRecipeTest {
  private static final double[] PRICES = {0.03, 0.1, 0.3};
  private static final Recipe SMALL = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, Integer.MAX_VALUE, 0.3, 0, 0, 40, 10, 1, 3, 0.5, 0.5, 7);

  private final List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(9, 12, 3));

  @Test
  void train_sameInput_sameBytes() {
    byte[] first = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of()).bytes();
    byte[] second = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of()).bytes();
    assertArrayEquals(first, second);
  }

  @Test
  void train_otherSeed_otherBytes() {
    Recipe other = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, Integer.MAX_VALUE, 0.3, 0, 0, 40, 10, 1, 3, 0.5, 0.5, 8);
    assertFalse(
        Arrays.equals(
            new LearnedRecipe(SMALL).train(runs, PRICES, Map.of()).bytes(),
            new LearnedRecipe(other).train(runs, PRICES, Map.of()).bytes()));
  }

  @Test
  void train_provenance_readsBackAsTribuos() throws Exception {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    ObjectProvenance provenance =
        ProvenanceUtil.unmarshalProvenance(
            ONNXExportable.SERIALIZER.deserializeFromString(file.metadata().get("stopcast.provenance")));
    assertTrue(provenance instanceof ModelProvenance, provenance.getClassName());
    assertEquals(
        BinaryBoostingTrainer.class.getName(), ((ModelProvenance) provenance).getTrainerProvenance().getClassName());
  }

  @Test
  void train_higherPrice_stopsSooner() {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    double[] shares = new double[PRICES.length];
    for (int p = 0; p < PRICES.length; p++) {
      LearnedPolicy policy = LearnedPolicy.of(file, PRICES[p]);
      shares[p] =
          runs.stream()
              .mapToDouble(run -> run.hindsight().share()[Replay.of(policy, run.run()).point()])
              .average()
              .orElseThrow();
    }
    assertTrue(shares[0] > shares[1] && shares[1] > shares[2], Arrays.toString(shares));
  }

  @Test
  void policy_live_decidesAsInReplay() {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    LearnedPolicy policy = LearnedPolicy.of(file, 0.1);
    for (ScoredRun scored : runs) {
      Run run = scored.run();
      Stop stop = Replay.of(policy, run);
      // Live nobody knows the rest: the run cut right behind the stop must end at the same point.
      int cut = Math.min(run.steps().size(), Curve.of(run).step()[stop.point()] + 2);
      Run live = new Run(run.context(), run.steps().subList(0, cut), run.end());
      assertEquals(stop.point(), Math.min(stop.point(), Replay.of(policy, live).point()));
      assertEquals(stop.stopped(), Replay.of(policy, live).stopped());
    }
  }

  @Test
  void rows_tasksWeighTheSame_andPricesToo() {
    List<Run> uneven = new ArrayList<>(RecordedRuns.history(1, 30, 3));
    RecordedRuns.history(2, 3, 4).stream().filter(r -> r.context().task().endsWith("1")).forEach(uneven::add);
    List<ScoredRun> scored = ScoredRun.of(uneven);
    WeightedRows rows = TrainingRows.alone(SMALL).rows(scored, PRICES, Targets.hindsight(scored, PRICES));
    for (double price : PRICES) {
      int count = 0;
      double total = 0;
      for (int i = 0; i < rows.size(); i++) {
        if (rows.features()[i][FeatureExtractor.PRICE] == FeatureExtractor.priceFeature(price)) {
          count++;
          total += rows.weights()[i];
        }
      }
      assertEquals((double) rows.size() / PRICES.length, count, .05 * rows.size());
      assertEquals(count, total, 1e-2);
    }
  }

  @Test
  void rows_runsPerTask_areCapped_andTheSameInAnyOrder() {
    List<ScoredRun> many = new ArrayList<>(ScoredRun.of(RecordedRuns.history(2, 100, 3)));
    List<ScoredRun> chosen = TrainingRows.choose(many, SMALL);
    assertEquals(80, chosen.size());
    Collections.shuffle(many, new Random(1));
    assertEquals(chosen, TrainingRows.choose(many, SMALL));
  }

  @Test
  void rows_features_areThoseOfALiveRun() {
    for (TrainingRows rows :
        List.of(TrainingRows.alone(SMALL), TrainingRows.withHistory(SMALL, new Histories(runs)))) {
      List<ScoredRun> chosen = TrainingRows.choose(runs, SMALL);
      rows.rows(chosen, PRICES, Targets.hindsight(chosen, PRICES));
      float[][] golden = rows.golden(chosen, 24);
      int found = 0;
      for (ScoredRun run : chosen) {
        for (TaskHistory history : List.of(rows.historyOf(run), TaskHistory.NONE)) {
          FeatureExtractor live = new FeatureExtractor(run.run().context(), history);
          float[] features = new float[FeatureExtractor.schema().size()];
          for (Step step : run.run().steps()) {
            live.observe(step);
            for (float[] row : golden) {
              features[FeatureExtractor.PRICE] = row[FeatureExtractor.PRICE];
              live.write(features);
              found += Arrays.equals(features, row) ? 1 : 0;
            }
          }
        }
      }
      assertTrue(found >= golden.length, found + " of " + golden.length);
    }
  }

  /** Two models in one file: what one of them asks of earlier runs must not change what the other says. */
  @Test
  void train_withoutAHistory_scoresAsTheTreesForThatAlone() throws Exception {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    TrainingRows rows = TrainingRows.alone(SMALL);
    List<ScoredRun> own = TrainingRows.choose(runs, SMALL);
    Lesson alone = Lesson.learn(SMALL, own, List.of(), run -> true, PRICES, rows, SMALL.thresholdShrinkage(), Optional.empty());
    byte[] onnx =
        OnnxExport.write(
            alone.grown().trees(), FeatureExtractor.schema(), alone.thresholds(), new TreeMap<>(), new float[0][])
            .bytes();
    StopModel expected = ModelFile.read(onnx, "test").scorer();

    assertEquals(alone.thresholds(), file.thresholdsAlone());
    int differing = 0;
    TrainingRows shown = TrainingRows.withHistory(SMALL, new Histories(runs));
    shown.rows(own, PRICES, Targets.hindsight(own, PRICES));
    rows.rows(own, PRICES, Targets.hindsight(own, PRICES));
    for (float[] row : rows.golden(own, 24)) {
      assertEquals(expected.margin(row), file.scorer().margin(row));
      assertArrayEquals(
          expected.attribution(row).orElseThrow().parts(), file.scorer().attribution(row).orElseThrow().parts(), 1e-9);
    }
    for (float[] row : shown.golden(own, 24)) {
      differing += expected.margin(row) != file.scorer().margin(row) ? 1 : 0;
    }
    assertTrue(differing > 12, differing + " rows with a history are scored by trees of their own");
  }

  @Test
  void train_tasksOfOneRun_haveNoHistoryToLearnFrom() {
    List<ScoredRun> single = ScoredRun.of(RecordedRuns.history(12, 1, 3));
    ModelFile file = new LearnedRecipe(SMALL).train(single, PRICES, Map.of());
    assertEquals(file.thresholdsAlone(), file.thresholds());
    assertFalse(file.metadata().containsKey("stopcast.provenance_history"));
  }

  @Test
  void train_history_travelsInTheFile() {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());

    assertEquals(9, file.priors().tasks().size());
    Run run = runs.get(0).run();
    assertEquals(11, file.priors().of(run.context()).runs().size(), "without the run itself");
  }

  @Test
  void train_outlooks_travelInTheFileAndComeTrueOnItsOwnRuns() {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    Reliability reliability = Reliability.parse(file.metadata().get(Reliability.PROPERTY));
    assertFalse(reliability.rows().isEmpty());

    for (double price : PRICES) {
      LearnedPolicy policy = LearnedPolicy.of(file, price);
      double said = 0;
      double right = 0;
      int points = 0;
      for (ScoredRun run : runs) {
        StopPolicy.Watch watch = policy.watch(run.run().context());
        double[] advantage = run.hindsight().advantage(price);
        for (int t = 0; t < run.length() - 1; t++) {
          watch.observe(run.run().steps().get(t));
          if (watch.outlook().isEmpty()) {
            continue; // warm-up
          }
          Outlook outlook = watch.outlook().get();
          said += outlook.probability();
          right += advantage[t] >= 0 ? 1 : 0;
          points++;
          assertTrue(!(outlook.gainMedian() > outlook.gainHigh()), outlook.toString());
        }
      }
      assertEquals(right / points, said / points, .1, "price " + price);
    }
  }

  @Test
  void stop_reason_saysWhatIsExpectedAndWhatDroveIt() {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    int stops = 0;
    for (ScoredRun run : runs) {
      Stop stop = Replay.of(LearnedPolicy.of(file, .3), run.run());
      if (stop.stopped()) {
        stops++;
        assertTrue(
            stop.reason()
                .matches(
                    "P\\(stopping is right\\) [01]\\.\\d{3} at price 0\\.3: score 0\\.\\d{3} >= 0\\.\\d{3}; "
                        + "\\S+ more expected( in \\d+ points?)?; because of .+ \\(\\w+ .+\\)"),
            stop.reason());
      }
    }
    assertTrue(stops > runs.size() / 2, stops + " stops");
  }

  @Test
  void train_furtherRuns_changeTheTreesButAreNoHistory() {
    List<ScoredRun> further = new ArrayList<>();
    for (ScoredRun run : ScoredRun.of(RecordedRuns.history(4, 12, 8))) {
      RunContext c = run.run().context();
      further.addAll(
          ScoredRun.of(
              List.of(
                  new Run(
                      new RunContext(
                          "elsewhere", c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), c.parameters()),
                      run.run().steps(),
                      run.run().end()))));
    }
    ModelFile alone = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    ModelFile with = new LearnedRecipe(SMALL, further).train(runs, PRICES, Map.of());

    assertEquals(alone.priors().tasks().keySet(), with.priors().tasks().keySet());
    assertFalse(Arrays.equals(alone.bytes(), with.bytes()));
  }

  @Test
  void withPriors_otherRuns_leavesAllElseAsItWas() {
    ModelFile file = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());

    ModelFile bare = OnnxExport.withPriors(file, Priors.NONE);

    assertEquals(0, bare.priors().tasks().size());
    assertEquals(file.thresholds(), bare.thresholds());
    assertEquals(file.golden().format(), bare.golden().format());
    assertArrayEquals(file.bytes(), OnnxExport.withPriors(bare, file.priors()).bytes());
  }

  @Test
  void rows_unknownTrainLoss_isThatOfSomeRuns() {
    List<Run> reporting = new ArrayList<>();
    for (ScoredRun run : runs) {
      String metric = run.run().context().objective().metric();
      List<Step> steps =
          run.run().steps().stream()
              .map(s -> Step.of(s.index(), s.cost(), List.of(metric, "train_loss"), s.value(metric), 1.0 / s.index()))
              .toList();
      reporting.add(new Run(run.run().context(), steps, run.run().end()));
    }
    List<ScoredRun> scored = ScoredRun.of(reporting);
    Recipe half = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, Integer.MAX_VALUE, 0.3, 0, 0.5, 40, 10, 1, 3, 0.5, 0.5, 7);
    WeightedRows rows = TrainingRows.alone(half).rows(scored, PRICES, Targets.hindsight(scored, PRICES));
    int present = FeatureExtractor.schema().names().indexOf("train.present");
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      sum += rows.features()[i][present];
    }
    assertEquals(.5, sum / rows.size(), .15);
  }

  @Test
  void scores_pointsPerRun_asksAtSoManyPointsAndSaysTheSameThere() {
    Recipe few = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, 8, 0.3, 0, 0, 40, 10, 1, 3, 0.5, 0.5, 7);
    Targets targets = Targets.hindsight(runs, PRICES);
    Map<ScoredRun, float[][]> everywhere = scores(SMALL, targets);
    Map<ScoredRun, float[][]> atFew = scores(few, targets);
    for (ScoredRun run : runs) {
      int asked = 0;
      int last = -1;
      for (int t = 0; t < run.length(); t++) {
        float score = atFew.get(run)[1][t];
        if (!Float.isNaN(score)) {
          assertEquals(everywhere.get(run)[1][t], score);
          assertTrue(last < 0 || t - last == few.askedEvery(run.length()), "evenly spread");
          last = t;
          asked++;
        }
      }
      assertTrue(asked <= 8 && asked > 0, "asked at " + asked + " of " + run.length());
    }
    ModelFile file = new LearnedRecipe(few).train(runs, PRICES, Map.of());
    assertTrue(file.metadata().containsKey(ModelFile.OUTLOOK), "what scores mean is learned from the points at which it is asked");
  }

  private Map<ScoredRun, float[][]> scores(Recipe recipe, Targets targets) {
    TrainingRows rows = TrainingRows.alone(recipe);
    return OutOfFold.scores(runs, PRICES, targets, new TreeGrower(recipe, rows), rows, recipe).orElseThrow();
  }

  @Test
  void standard_manyRuns_takesLessOfEach() {
    Recipe few = Recipe.standard(3000);
    Recipe many = Recipe.standard(10_000);
    assertEquals(1, few.askedEvery(100_000), "every point");
    assertEquals(4, many.askedEvery(128));
    assertEquals(5, many.askedEvery(129));
    assertTrue(many.runsPerTask() < few.runsPerTask());
  }

  @Test
  void historyOf_run_holdsNoRunOfItsConfiguration() {
    Histories histories = new Histories(runs);
    TrainingRows rows = TrainingRows.withHistory(SMALL, histories);
    int most = 0;
    for (ScoredRun run : runs) {
      TaskHistory history = rows.historyOf(run);
      assertEquals(history.runs().size(), history.without(run.run().context().run()).runs().size());
      assertEquals(history.runs().size(), TrainingRows.sizeOfHistory(run, SMALL, histories));
      most = Math.max(most, history.runs().size());
    }
    assertEquals(11, most);
  }
}
