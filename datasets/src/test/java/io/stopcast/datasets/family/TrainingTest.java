package io.stopcast.datasets.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The families for tables on a small table that is made on the spot. */
class TrainingTest {
  private static final List<TableTrainer> TRAINERS = List.of(new Perceptron(), new Boosting(), new Linear());

  /** Four columns, some values missing, of which two tell the answer. */
  private static Split split(Question question) {
    Random random = new Random(3);
    double[][] features = new double[400][4];
    double[] targets = new double[400];
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < 4; j++) {
        features[i][j] = random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian();
      }
      double signal = 3 * (orZero(features[i][0]) - orZero(features[i][1])) + 0.1 * random.nextGaussian();
      targets[i] = question.isRegression() ? signal : signal > 1 ? 2 : signal > -1 ? 1 : 0;
    }
    TableSource source = new TableSource("toy", "none", question, (self, root) -> null);
    return Split.of(new Table(source, features, targets, question.isRegression() ? 0 : 3), 1);
  }

  private static String withoutTimes(Run run) {
    return run.steps().toString().replaceAll(RunLog.CPU_SECONDS + "=[^,}\\]]*", "");
  }

  private static double orZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  private static RunPlan plan(TableTrainer trainer, Question question, boolean tuned, int seed) {
    Settings settings = trainer.sample(question, tuned, new Draw(new Random(seed))).with(Settings.POINTS, 30L);
    return new RunPlan(trainer.name() + "/toy", "001", seed, settings);
  }

  static Stream<Arguments> trainersAndQuestions() {
    return TRAINERS.stream()
        .flatMap(
            trainer ->
                Stream.of(Question.LOGLOSS, Question.ACCURACY, Question.RMSE)
                    .map(question -> Arguments.of(trainer, question)));
  }

  @ParameterizedTest
  @MethodSource("trainersAndQuestions")
  void train_goodSettings_beatsChance(TableTrainer trainer, Question question) {
    Settings settings = plan(trainer, question, true, 1).settings().with("learning_rate", 0.1);
    Run run = TableFamily.train(trainer, split(question), new RunPlan("toy/toy", "001", 1, settings));

    double chance = (Double) run.context().parameters().get("chance");
    double last = run.context().objective().gain(run.steps().get(29));
    assertEquals(30, run.steps().size());
    assertEquals(End.COMPLETED, run.end());
    if (question == Question.ACCURACY) {
      assertTrue(last > 0.75 && chance < 0.5, last + " against " + chance);
    } else {
      assertTrue(-last < 0.6 * chance, -last + " against " + chance);
    }
  }

  @ParameterizedTest
  @CsvSource({"sgd, 1", "momentum, 0.1", "nesterov, 0.1", "adagrad, 0.5", "rmsprop, 0.05", "adam, 0.1"})
  void train_everyOptimiser_findsTheAnswer(String optimizer, double rate) {
    Linear linear = new Linear();
    Settings settings =
        plan(linear, Question.LOGLOSS, true, 1)
            .settings()
            .with("optimizer", optimizer)
            .with("learning_rate", rate)
            .with("schedule", "constant");

    Run run = TableFamily.train(linear, split(Question.LOGLOSS), new RunPlan("linear/toy", "001", 1, settings));

    double last = run.steps().get(29).value("val_logloss");
    assertTrue(last < 0.45, optimizer + " ends at " + last);
  }

  @ParameterizedTest
  @MethodSource("trainersAndQuestions")
  void train_samePlanTwice_givesTheSameNumbers(TableTrainer trainer, Question question) {
    for (int seed = 0; seed < 5; seed++) {
      RunPlan plan = plan(trainer, question, false, seed);

      Run first = TableFamily.train(trainer, split(question), plan);
      Run second = TableFamily.train(trainer, split(question), plan);

      assertEquals(first.context(), second.context());
      assertEquals(withoutTimes(first), withoutTimes(second));
      assertEquals(first.labels().keySet(), second.labels().keySet());
      first
          .labels()
          .forEach((name, values) -> assertArrayEquals(values, second.labels().get(name), name));
    }
  }

  @ParameterizedTest
  @MethodSource("trainersAndQuestions")
  void train_otherSeed_givesOtherNumbers(TableTrainer trainer, Question question) {
    Settings settings = plan(trainer, question, true, 1).settings().with(Settings.TRAIN_ROWS, 100L);
    Run one = TableFamily.train(trainer, split(question), new RunPlan("toy/toy", "001", 1, settings));
    Run two = TableFamily.train(trainer, split(question), new RunPlan("toy/toy", "001", 2, settings));

    assertNotEquals(withoutTimes(one), withoutTimes(two));
  }

  @Test
  void train_stepsThatGrow_divergesAndGoesToThePlannedEnd() {
    Linear linear = new Linear();
    Settings settings =
        plan(linear, Question.RMSE, true, 1)
            .settings()
            .with("optimizer", "sgd")
            .with("learning_rate", 3000.0)
            .with("schedule", "constant");

    Run run = TableFamily.train(linear, split(Question.RMSE), new RunPlan("linear/toy", "001", 1, settings));

    assertEquals(End.DIVERGED, run.end());
    assertEquals(30, run.steps().size());
    Step last = run.steps().get(29);
    assertTrue(Double.isNaN(last.value("val_rmse")) && last.reports("val_rmse"));
    assertEquals(30.0 * (Long) run.context().parameters().get("train_rows"), last.cost());
  }

  @Test
  void train_stepSchedule_logsTheRateThatWasUsed() {
    for (TableTrainer trainer : TRAINERS) {
      Settings settings =
          plan(trainer, Question.RMSE, true, 1).settings().with("learning_rate", 0.01).with("schedule", "step");
      Run run = TableFamily.train(trainer, split(Question.RMSE), new RunPlan("toy/toy", "001", 1, settings));

      assertEquals(0.01, run.steps().get(14).value("learning_rate"));
      assertEquals(0.001, run.steps().get(15).value("learning_rate"), 1e-12);
      assertEquals(0.0001, run.steps().get(22).value("learning_rate"), 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void factor_everySchedule_startsAtOneAndNeverRises(Schedule schedule) {
    assertEquals(1, schedule.factor(0, 50));
    for (int point = 1; point < 50; point++) {
      assertTrue(schedule.factor(point, 50) <= schedule.factor(point - 1, 50) && schedule.factor(point, 50) > 0);
    }
  }
}
