package io.stopcast.tribuo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Map;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.tribuo.Dataset;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.optimisers.AdaGrad;

/** What docs/java.md shows compiles, runs, and stands there as it stands here. */
class GuideTest {
  private static final Logger log = Logger.getLogger("trainer");

  private static List<Prediction<Label>> shown(
      Dataset<Label> training, Dataset<Label> validation, Dataset<Label> unseen, StopPolicy policy) {
    // from here
    RunContext run = RunContext.of(Objective.maximize("val_accuracy")).withHorizon(Horizon.ofPoints(60));
    StoppingTrainer trainer = new StoppingTrainer(new LogMulticlass(), new AdaGrad(0.3), 60, 1, 7);
    LabelEvaluator evaluator = new LabelEvaluator();
    StoppedModel trained = trainer.train(training, run, policy,
        model -> Map.of("val_accuracy", evaluator.evaluate(model, validation).accuracy()));
    trained.stop().ifPresent(stop -> log.info(stop.reason()));
    List<Prediction<Label>> predictions = trained.best().predict(unseen);
    // to here
    assertTrue(trained.stop().isPresent());
    return predictions;
  }

  @Test
  void snippet_runs() throws Exception {
    log.setUseParentHandlers(false);
    StopPolicy policy = LearnedPolicy.of(ModelRegistry.find("champion", Path.of("../../models")), 0.1);
    Dataset<Label> unseen = StoppingTrainerTest.table(40, 3);

    assertEquals(
        40, shown(StoppingTrainerTest.table(101, 1), StoppingTrainerTest.table(300, 2), unseen, policy).size());
  }

  @Test
  void snippet_isTheGuides() throws IOException {
    String guide = Files.readString(Path.of("../../docs/java.md"));
    String section = guide.substring(guide.indexOf("\n**Tribuo**"));
    List<String> lines = section.lines().toList();
    int start = lines.indexOf("```java") + 1;
    int length = lines.subList(start, lines.size()).indexOf("```");

    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/tribuo/GuideTest.java"));
    int from = source.indexOf("    // from here") + 1;
    int to = source.indexOf("    // to here");
    assertEquals(
        source.subList(from, to).stream().map(line -> line.substring(4)).toList(),
        lines.subList(start, start + length));
  }
}
