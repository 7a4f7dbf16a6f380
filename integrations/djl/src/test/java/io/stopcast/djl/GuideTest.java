package io.stopcast.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What docs/java.md shows compiles, runs, and stands there as it stands here. */
class GuideTest {
  private static final Logger log = Logger.getLogger("trainer");

  private static StopListener shown(
      Model model,
      DefaultTrainingConfig config,
      Shape shape,
      Dataset trainingSet,
      Dataset validationSet,
      StopPolicy policy)
      throws IOException, TranslateException {
    // from here
    RunContext run = RunContext.of(Objective.maximize("validate_Accuracy")).withHorizon(Horizon.ofPoints(60));
    StopListener stopping = new StopListener(run, policy);
    config.addTrainingListeners(TrainingListener.Defaults.basic()).addTrainingListeners(stopping);
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(shape);
      EasyTrain.fit(trainer, 60, trainingSet, validationSet);
    } catch (EarlyStoppedException stopped) {
      log.info("best in epoch " + stopping.bestEpoch() + " of " + stopped.getStopEpoch() + ": " + stopped.getMessage());
    }
    // to here
    return stopping;
  }

  @Test
  @Tag("deep")
  void snippet_runs() throws Exception {
    log.setUseParentHandlers(false);
    StopPolicy policy = LearnedPolicy.of(ModelRegistry.find("champion", Path.of("../../models")), 0.1);
    Engine.getEngine("PyTorch").setRandomSeed(1);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).addEvaluator(new Accuracy());
    try (Model model = Model.newInstance("perceptron", "PyTorch");
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      model.setBlock(RealTrainingTest.perceptron());

      StopListener listener =
          shown(
              model,
              config,
              new Shape(16, 5),
              RealTrainingTest.table(manager, 160, 1),
              RealTrainingTest.table(manager, 160, 2),
              policy);

      assertTrue(listener.stop().isPresent() && listener.steps().size() < 60);
    }
  }

  @Test
  void snippet_isTheGuides() throws IOException {
    String guide = Files.readString(Path.of("../../docs/java.md"));
    String section = guide.substring(guide.indexOf("\n**DJL**"));
    List<String> lines = section.lines().toList();
    int start = lines.indexOf("```java") + 1;
    int length = lines.subList(start, lines.size()).indexOf("```");

    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/djl/GuideTest.java"));
    int from = source.indexOf("    // from here") + 1;
    int to = source.indexOf("    // to here");
    assertEquals(
        source.subList(from, to).stream().map(line -> line.substring(4)).toList(),
        lines.subList(start, start + length));
  }
}
