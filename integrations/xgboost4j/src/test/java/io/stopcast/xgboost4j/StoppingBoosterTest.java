package io.stopcast.xgboost4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Advice;
import io.stopcast.policy.Bounds;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.StillLayers;
import io.stopcast.policy.StopPolicy;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Replay;
import io.stopcast.replay.Stop;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the real library, on a table whose labels are partly wrong, so that later rounds learn them by heart. */
class StoppingBoosterTest {
  private static final int ROUNDS = 120;
  static final Map<String, Object> PARAMS =
      Map.of(
          "objective", "binary:logistic",
          "eta", 0.3,
          "max_depth", 4,
          "nthread", 1,
          "seed", 7,
          "verbose_eval", 0,
          "eval_metric", "logloss");

  static DMatrix table(int rows, long seed) throws XGBoostError {
    Random random = new Random(seed);
    int columns = 5;
    float[] cells = new float[rows * columns];
    float[] labels = new float[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        cells[i * columns + j] = random.nextFloat();
      }
      boolean right = random.nextInt(5) > 0;
      labels[i] = (cells[i * columns] + cells[i * columns + 1] > 1) == right ? 1 : 0;
    }
    DMatrix table = new DMatrix(cells, rows, columns, Float.NaN);
    table.setLabel(labels);
    return table;
  }

  static Map<String, DMatrix> evals(DMatrix training) throws XGBoostError {
    Map<String, DMatrix> evals = new LinkedHashMap<>();
    evals.put("train", training);
    evals.put("validation", table(300, 2));
    return evals;
  }

  private static RunContext run(Objective objective) {
    return RunContext.of(objective).withHorizon(Horizon.ofPoints(ROUNDS));
  }

  private static StoppedBooster train(Objective objective, Map<String, Object> params, StopPolicy policy)
      throws XGBoostError {
    DMatrix training = table(300, 1);
    return StoppingBooster.train(training, params, ROUNDS, evals(training), run(objective), policy);
  }

  private static Map<String, Object> params(String metric) {
    Map<String, Object> params = new LinkedHashMap<>(PARAMS);
    params.put("eval_metric", metric);
    return params;
  }

  @Test
  void train_neverStopped_reportsWhatXgboostsOwnLoopDoes() throws XGBoostError {
    DMatrix training = table(300, 1);
    float[][] metrics = new float[2][ROUNDS];
    XGBoost.train(training, PARAMS, ROUNDS, evals(training), metrics, null, null, 0);

    StoppedBooster trained = train(Objective.minimize("validation-logloss"), PARAMS, StopPolicy.NEVER);

    assertEquals(ROUNDS, trained.steps().size());
    assertTrue(trained.stop().isEmpty());
    for (int i = 0; i < ROUNDS; i++) {
      Step step = trained.steps().get(i);
      assertEquals(i, step.index());
      assertEquals(i + 1, step.cost());
      assertEquals(List.of("train-logloss", "validation-logloss", "train_loss", "learning_rate"), step.names());
      assertEquals(metrics[0][i], (float) step.value("train-logloss"));
      assertEquals(metrics[1][i], (float) step.value("validation-logloss"));
      assertEquals(step.value("train-logloss"), step.value("train_loss"));
    }
  }

  @ParameterizedTest(name = "{0}, {1} at price {2}")
  @CsvSource({"logloss, false, 0.03", "logloss, false, 0.3", "auc, true, 0.1", "error, false, 0.1"})
  void train_learnedPolicy_stopsWhereReplayOfTheLoggedCurveDoes(String metric, boolean maximised, double price)
      throws Exception {
    StopPolicy policy = LearnedPolicy.of(ModelRegistry.find("champion", Path.of("../../models")), price);
    Objective objective =
        maximised ? Objective.maximize("validation-" + metric) : Objective.minimize("validation-" + metric);
    StoppedBooster whole = train(objective, params(metric), StopPolicy.NEVER);
    Stop expected = Replay.of(policy, new Run(run(objective), whole.steps(), End.COMPLETED));

    StoppedBooster stopped = train(objective, params(metric), policy);

    assertTrue(expected.stopped(), "the table is made so that it pays to stop");
    assertEquals(expected.point(), stopped.steps().size() - 1);
    assertEquals(expected.reason(), stopped.stop().orElseThrow().reason());
    assertEquals(
        whole.steps().subList(0, stopped.steps().size()).toString(), stopped.steps().toString());
  }

  @Test
  void train_stopped_bestIterationIsWhereTheBestWas() throws XGBoostError {
    StoppedBooster stopped = train(Objective.minimize("validation-logloss"), PARAMS, new Patience(9));

    int best = stopped.bestIteration();
    assertEquals(best + 9, stopped.steps().size() - 1);
    assertTrue(best > 0);
    assertEquals(best + 10, stopped.booster().getNumBoostedRound());
    assertEquals(String.valueOf(best), stopped.booster().getAttr("best_iteration"));
    float score = Float.parseFloat(stopped.booster().getAttr("best_score"));
    assertTrue(stopped.steps().stream().allMatch(step -> step.value("validation-logloss") >= score - 1e-6));

    DMatrix training = table(300, 1);
    float[][] expected = XGBoost.train(training, PARAMS, best + 1, Map.of(), null, null).predict(table(50, 3));
    float[][] found = stopped.booster().predict(table(50, 3), false, best + 1);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], found[i]);
    }
  }

  @Test
  void train_maximised_looksForTheLargest() throws XGBoostError {
    StoppedBooster stopped = train(Objective.maximize("validation-auc"), params("auc"), new Patience(9));

    double best = stopped.steps().get(stopped.bestIteration()).value("validation-auc");
    assertTrue(stopped.steps().stream().allMatch(step -> step.value("validation-auc") <= best));
    assertEquals(stopped.bestIteration() + 9, stopped.steps().size() - 1);
    assertEquals(List.of("train-auc", "validation-auc", "learning_rate"), stopped.steps().get(0).names());
  }

  /** XGBoost's own callback for learning rates by round is the reference. */
  @Test
  void train_advisedToReduceTheRate_growsTheTreesThatXgboostGrowsAtThoseRates() throws XGBoostError {
    StopPolicy policy =
        StopPolicy.NEVER.advised(new ReduceOnPlateau(0.5, 4)).trying(5, 5).within(Bounds.of(9).withLeastRate(0.05));
    StoppedBooster advised = train(Objective.minimize("validation-logloss"), PARAMS, policy);

    assertEquals(List.of(0.5, 0.5, 2 / 3.0), advised.asked().stream().map(asked -> asked.change().advice().orElseThrow().amount())
        .map(factor -> Math.abs(factor - 2 / 3.0) < 1e-9 ? 2 / 3.0 : factor).toList());
    assertTrue(advised.asked().stream().allMatch(StoppedBooster.Asked::isMade));
    assertTrue(advised.asked().get(0).change().reason().startsWith("5 points without enough of a gain on "));
    int first = advised.asked().get(0).round();
    assertEquals(0.3, advised.steps().get(first).value("learning_rate"));
    assertEquals(0.15, advised.steps().get(first + 1).value("learning_rate"));
    assertEquals(0.05, advised.steps().get(ROUNDS - 1).value("learning_rate"), 1e-9);

    DMatrix training = table(300, 1);
    Booster byHand = XGBoost.train(training, PARAMS, 0, evals(training), null, null);
    for (int round = 0; round < ROUNDS; round++) {
      byHand.setParam("eta", advised.steps().get(round).value("learning_rate"));
      byHand.update(training, round);
    }
    float[][] expected = byHand.predict(table(50, 3));
    float[][] found = advised.booster().predict(table(50, 3));
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], found[i]);
    }
  }

  @Test
  void train_adviceThatMeansNothingToTrees_isKeptAsNotMade() throws XGBoostError {
    StopPolicy policy = StopPolicy.NEVER.advised(new Patience(5).advising(new Advice.FreezeLayers(1)));
    StoppedBooster trained = train(Objective.minimize("validation-logloss"), PARAMS, policy);
    assertEquals(1, trained.asked().size());
    assertFalse(trained.asked().get(0).isMade());
  }

  @Test
  void train_nonsense_saysSo() {
    StopPolicy policy = StopPolicy.NEVER.advised(new StillLayers(List.of("layer_change_1"), 0.1, 3));
    Objective loss = Objective.minimize("validation-logloss");
    assertEquals(
        policy + " looks at [layer_change_1], which the run does not report; it reports"
            + " [train-logloss, validation-logloss, train_loss, learning_rate]",
        assertThrows(IllegalArgumentException.class, () -> train(loss, PARAMS, policy)).getMessage());
    Map<String, Object> params = new LinkedHashMap<>(PARAMS);
    params.put("eta", "fast");
    assertEquals(
        "the parameter eta must be a positive number, but was fast",
        assertThrows(IllegalArgumentException.class, () -> train(loss, params, StopPolicy.NEVER)).getMessage());
  }

  @Test
  void train_objectiveThatNobodyReports_saysWhatIsReported() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> train(Objective.minimize("logloss"), PARAMS, StopPolicy.NEVER));
    assertEquals(
        "no evaluation reports 'logloss'; they report [train-logloss, validation-logloss]."
            + " Name the run's objective as XGBoost prints it",
        failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"nan, NaN", "-nan, NaN", "inf, Infinity", "-inf, -Infinity", "1.5e-3, 0.0015"})
  void step_numbersAsCppWritesThem_areRead(String text, double expected) throws XGBoostError {
    Evaluation evaluation = new Evaluation(Map.of("v", table(2, 1)), table(2, 2), Objective.minimize("v-ndcg@5-:x"));

    Step step = evaluation.step(3, "[3]\tv-ndcg@5-:x:%s\tv-auc:0.5".formatted(text));

    assertEquals(expected, step.value("v-ndcg@5-:x"));
    assertEquals(0.5, step.value("v-auc"));
  }

  @Test
  void train_noRounds_isRefused() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                StoppingBooster.train(
                    table(2, 1), PARAMS, 0, Map.of(), run(Objective.minimize("v-logloss")), StopPolicy.NEVER));
    assertEquals("the number of rounds must be at least 1, but was 0", failure.getMessage());
  }
}
