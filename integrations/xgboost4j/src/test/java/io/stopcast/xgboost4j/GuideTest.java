package io.stopcast.xgboost4j;

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
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;

/** What docs/java.md shows compiles, runs, and stands there as it stands here. */
class GuideTest {
  private static final Logger log = Logger.getLogger("trainer");

  private static float[][] shown(
      DMatrix training, Map<String, Object> params, Map<String, DMatrix> evals, DMatrix unseen, StopPolicy policy)
      throws XGBoostError {
    // from here
    RunContext run = RunContext.of(Objective.minimize("validation-logloss")).withHorizon(Horizon.ofPoints(500));
    StoppedBooster trained = StoppingBooster.train(training, params, 500, evals, run, policy);
    trained.stop().ifPresent(stop -> log.info(stop.reason()));
    float[][] predictions = trained.booster().predict(unseen, false, trained.bestIteration() + 1);
    // to here
    assertTrue(trained.stop().isPresent());
    return predictions;
  }

  @Test
  void snippet_runs() throws Exception {
    log.setUseParentHandlers(false);
    StopPolicy policy = LearnedPolicy.of(ModelRegistry.find("champion", Path.of("../../models")), 0.1);
    DMatrix training = StoppingBoosterTest.table(300, 1);

    float[][] predictions =
        shown(
            training,
            StoppingBoosterTest.PARAMS,
            StoppingBoosterTest.evals(training),
            StoppingBoosterTest.table(40, 3),
            policy);

    assertEquals(40, predictions.length);
  }

  @Test
  void snippet_isTheGuides() throws IOException {
    String guide = Files.readString(Path.of("../../docs/java.md"));
    String section = guide.substring(guide.indexOf("\n**XGBoost4J**"));
    List<String> lines = section.lines().toList();
    int start = lines.indexOf("```java") + 1;
    int length = lines.subList(start, lines.size()).indexOf("```");

    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/xgboost4j/GuideTest.java"));
    int from = source.indexOf("    // from here") + 1;
    int to = source.indexOf("    // to here");
    assertEquals(
        source.subList(from, to).stream().map(line -> line.substring(4)).toList(),
        lines.subList(start, start + length));
  }
}
