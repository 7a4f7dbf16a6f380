package io.stopcast.cli;

import io.stopcast.replay.Baselines;
import io.stopcast.replay.Family;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.report.ResultsText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/** At which prices and under which splits a verb judges. */
final class JudgingOptions {
  @Option(
      names = "--price",
      split = ",",
      paramLabel = "P",
      description = "What a full run's compute is worth, in units of what a task has to gain. Default: 0.03,0.1,0.3.")
  private List<Double> prices = Protocol.standard().prices();

  @Option(
      names = "--split",
      split = ",",
      paramLabel = "S",
      description = "What is held out: known (runs of every task), unseen-task (whole tasks). Default: both.")
  private List<String> splits = List.of(Split.KNOWN_TASK.word(), Split.UNSEEN_TASK.word());

  @Option(names = "--folds", paramLabel = "N", description = "Into how many parts runs are split. Default: ${DEFAULT-VALUE}.")
  private int folds = Protocol.standard().folds();

  double[] prices() {
    return prices.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Judges the learner under each split, and prints each table as it is ready. A split for which the history is too small
   * is left out with a message, unless that leaves none.
   */
  List<Results> judge(List<ScoredRun> runs, Learner learner, PrintWriter tables, PrintWriter err)
      throws WrongUsageException {
    Protocol protocol;
    List<Split> chosen = new ArrayList<>();
    try {
      protocol = new Protocol(prices, folds, Protocol.standard().seed());
      splits.forEach(word -> chosen.add(Split.of(word)));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
    List<Family> families = Baselines.families();
    int[][] stops;
    try (Progress progress = Progress.of("replaying the rules", runs.size())) {
      stops = Protocol.replayAll(families, runs, progress::step);
    }
    List<Results> all = new ArrayList<>();
    for (Split split : chosen) {
      int wanted = Math.max(2, split.wanted(runs, folds));
      if (split.folds(runs, folds, protocol.seed()) < wanted) {
        err.printf(
            "split '%s' left out: it needs %d %s to hold out, and the history has fewer%n",
            split.word(), wanted, split.holdsOut());
        continue;
      }
      try (Progress progress = Progress.of("judging " + split.word(), wanted)) {
        Results results = protocol.judge(split, runs, families, stops, learner, progress::step);
        all.add(results);
        tables.println(ResultsText.of(results));
        tables.flush();
      }
    }
    return all;
  }
}
