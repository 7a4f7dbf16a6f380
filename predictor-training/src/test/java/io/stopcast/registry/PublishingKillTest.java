package io.stopcast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills in every build; {@code checks/crash} does 300. */
class PublishingKillTest {
  static List<ModelFile> models() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(3, 6, 1));
    Recipe recipe = new Recipe(3, 2, 0.3, 0.6, 0.8, 1, 1, 8, Integer.MAX_VALUE, 0.3, 0, 0, 10, 10, 1, 2, 0.5, 0.5, 1);
    LearnedRecipe learner = new LearnedRecipe(recipe);
    return List.of(
        learner.train(runs, new double[] {0.1}, Map.of("stopcast.note", "one")),
        learner.train(runs, new double[] {0.1}, Map.of("stopcast.note", "two")));
  }

  @Test
  void kills_atRandomMoments_leaveAWholeRegistry(@TempDir Path folder) throws Exception {
    KillCampaign.Outcome outcome = new KillCampaign(folder, models(), 7).run(10, () -> {});
    assertEquals(10, outcome.kills());
    assertTrue(outcome.published() >= 10 && outcome.reads() > 10, outcome.toString());
  }
}
