package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.history.TaskId;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What a model learns from beside the history at hand. */
final class LearningOptions {
  @Option(
      names = "--alone",
      description = "Learn from this history alone. Default: also from the runs in the project's datasets/, which teach what"
          + " runs of other tasks look like; they are never judged.")
  private boolean alone;

  /** How to learn from these runs and, unless it is unwanted, from the shipped runs of other tasks. */
  LearnedRecipe recipe(List<ScoredRun> runs) throws IOException {
    return recipe(runs, alone);
  }

  boolean isAlone() {
    return alone;
  }

  /** How to learn from these runs, from them alone or from the shipped runs of other tasks as well. */
  static LearnedRecipe recipe(List<ScoredRun> runs, boolean alone) throws IOException {
    List<ScoredRun> shipped = alone ? List.of() : shipped(runs);
    return new LearnedRecipe(Recipe.standard(runs.size() + shipped.size()), shipped);
  }

  private static List<ScoredRun> shipped(List<ScoredRun> runs) throws IOException {
    Path datasets = Home.datasets();
    if (!Files.isDirectory(datasets)) {
      return List.of(); // the library is used without the project
    }
    Set<TaskId> known = runs.stream().map(ScoredRun::task).collect(Collectors.toSet());
    History history = History.read(List.of(datasets), History.Options.STRICT);
    return ScoredRun.of(history.runs()).stream().filter(run -> !known.contains(run.task())).toList();
  }
}
