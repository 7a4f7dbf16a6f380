package io.stopcast.tribuo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
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
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Dataset;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.optimisers.ParameterAveraging;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** With the real library, on a table of few rows whose labels are partly wrong, so that later epochs learn them by heart. */
class StoppingTrainerTest {
  private static final int EPOCHS = 60;
  private static final Dataset<Label> TRAINING = table(101, 1);
  private static final Dataset<Label> VALIDATION = table(300, 2);

  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static {
    TRIBUO.setLevel(Level.WARNING); // it tells of every training
  }

  static Dataset<Label> table(int rows, long seed) {
    LabelFactory labels = new LabelFactory();
    Random random = new Random(seed);
    MutableDataset<Label> table =
        new MutableDataset<>(new SimpleDataSourceProvenance("made up", labels), labels);
    for (int i = 0; i < rows; i++) {
      String[] names = new String[40];
      double[] cells = new double[names.length];
      for (int j = 0; j < cells.length; j++) {
        names[j] = "column%02d".formatted(j);
        cells[j] = random.nextGaussian();
      }
      boolean right = random.nextInt(5) > 0;
      table.add(new ArrayExample<>(new Label(cells[0] + cells[1] > 0 == right ? "yes" : "no"), names, cells));
    }
    return table;
  }

  private static Map<String, Double> evaluate(LinearSGDModel model) {
    double loss = 0;
    for (Example<Label> example : VALIDATION) {
      String truth = example.getOutput().getLabel();
      loss -= Math.log(model.predict(example).getOutputScores().get(truth).getScore());
    }
    double accuracy = new LabelEvaluator().evaluate(model, VALIDATION).accuracy();
    return Map.of("val_loss", loss / VALIDATION.size(), "val_accuracy", accuracy);
  }

  private static RunContext run(Objective objective) {
    return RunContext.of(objective).withHorizon(Horizon.ofPoints(EPOCHS));
  }

  private static StoppedModel train(Objective objective, StopPolicy policy) {
    return new StoppingTrainer(new LogMulticlass(), new AdaGrad(.3), EPOCHS, 1, 7)
        .train(TRAINING, run(objective), policy, StoppingTrainerTest::evaluate);
  }

  /** Remembers gradients, and averages weights at the end. */
  private static StochasticGradientOptimiser withMemory() {
    return new ParameterAveraging(SGD.getLinearDecaySGD(.1, .9, SGD.Momentum.STANDARD));
  }

  private static LinearSGDModel byTribuo(StochasticGradientOptimiser optimiser, int epochs, int minibatchSize) {
    return new LinearSGDTrainer(new LogMulticlass(), optimiser, epochs, -1, minibatchSize, 7).train(TRAINING);
  }

  @ParameterizedTest(name = "minibatches of {0}")
  @ValueSource(ints = {1, 10, 101, 500})
  void train_neverStopped_isWhatTribuoTrains(int minibatchSize) {
    StoppedModel trained =
        new StoppingTrainer(new LogMulticlass(), withMemory(), 9, minibatchSize, 7)
            .train(TRAINING, run(Objective.minimize("train_loss")), StopPolicy.NEVER, model -> Map.of());

    assertTrue(trained.stop().isEmpty());
    assertEquals(9, trained.steps().size());
    assertEquals(byTribuo(withMemory(), 9, minibatchSize).getWeightsCopy(), trained.model().getWeightsCopy());
    for (int i = 0; i < 9; i++) {
      Step step = trained.steps().get(i);
      assertEquals(i + 1, step.index());
      assertEquals(101 * (i + 1), step.cost());
    }
    double loss = trained.steps().get(0).value("train_loss");
    assertTrue(loss > 0);
    if (minibatchSize > 100) {
      assertEquals(Math.log(2), loss, 1e-12, "the first epoch learns from models that know nothing");
    }
  }

  @ParameterizedTest(name = "{0} at price {1}")
  @CsvSource({"val_loss, 0.03", "val_loss, 0.3", "val_accuracy, 0.1"})
  void train_learnedPolicy_stopsWhereReplayOfTheLoggedCurveDoes(String metric, double price) throws Exception {
    StopPolicy policy = LearnedPolicy.of(ModelRegistry.find("champion", Path.of("../../models")), price);
    Objective objective = metric.endsWith("loss") ? Objective.minimize(metric) : Objective.maximize(metric);
    StoppedModel whole = train(objective, StopPolicy.NEVER);
    Stop expected = Replay.of(policy, new Run(run(objective), whole.steps(), End.COMPLETED));

    StoppedModel stopped = train(objective, policy);

    assertTrue(expected.stopped(), "the table is made so that it pays to stop");
    int epochs = stopped.steps().size();
    assertEquals(expected.point(), epochs - 1);
    assertEquals(expected.reason(), stopped.stop().orElseThrow().reason());
    assertEquals(whole.steps().subList(0, epochs).toString(), stopped.steps().toString());
    assertEquals(byTribuo(new AdaGrad(.3), epochs, 1).getWeightsCopy(), stopped.model().getWeightsCopy());
  }

  @Test
  void train_stopped_bestIsTheModelOfTheBestEpoch() {
    StoppedModel stopped = train(Objective.minimize("val_loss"), new Patience(5));

    int best = stopped.bestEpoch();
    assertEquals(best + 5, stopped.steps().size());
    assertEquals(byTribuo(new AdaGrad(.3), best, 1).getWeightsCopy(), stopped.best().getWeightsCopy());
    assertEquals(stopped.steps().get(best - 1).value("val_loss"), evaluate(stopped.best()).get("val_loss"));
    assertTrue(stopped.steps().stream().allMatch(step -> step.value("val_loss") >= evaluate(stopped.best()).get("val_loss")));
  }

  @Test
  void train_again_isAsLongAsPlanned() {
    StoppingTrainer trainer = new StoppingTrainer(new LogMulticlass(), new AdaGrad(.3), 20, 1, 7);
    RunContext run = run(Objective.minimize("val_loss"));
    StoppedModel stopped = trainer.train(TRAINING, run, new Patience(1), StoppingTrainerTest::evaluate);
    assertTrue(stopped.steps().size() < 20);
    trainer.setInvocationCount(0);
    assertEquals(
        byTribuo(new AdaGrad(.3), 20, 1).getWeightsCopy(), trainer.train(TRAINING).getWeightsCopy());
    assertEquals(20, trainer.train(TRAINING, run, StopPolicy.NEVER, StoppingTrainerTest::evaluate).steps().size());
  }

  @Test
  void train_onlyNan_bestIsTheLast() {
    StoppedModel trained =
        new StoppingTrainer(new LogMulticlass(), new AdaGrad(.3), 3, 1, 7)
            .train(TRAINING, run(Objective.minimize("odd")), new Patience(1), model -> Map.of("odd", Double.NaN));
    assertEquals(0, trained.bestEpoch());
    assertEquals(trained.model(), trained.best());
    assertEquals(3, trained.steps().size());
  }

  @Test
  void train_objectiveThatNobodyReports_saysWhatIsReported() {
    Function<LinearSGDModel, Map<String, Double>> evaluation = model -> Map.of("val_loss", 1.0);
    StoppingTrainer trainer = new StoppingTrainer(new LogMulticlass(), new AdaGrad(.3), 3, 1, 7);
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> trainer.train(TRAINING, run(Objective.minimize("loss")), StopPolicy.NEVER, evaluation));
    assertEquals(
        "the evaluation does not report 'loss'; there are [val_loss, train_loss]."
            + " Name the run's objective as the evaluation does",
        failure.getMessage());
  }

  @Test
  void new_noEpochs_isRefused() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class, () -> new StoppingTrainer(new LogMulticlass(), new AdaGrad(.3), 0, 1, 7));
    assertEquals("the number of epochs must be at least 1, but was 0", failure.getMessage());
  }
}
