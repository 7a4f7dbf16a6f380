package io.stopcast.cli;

import io.stopcast.replay.Learner;
import io.stopcast.replay.Part;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/** At which prices and under which splits a verb judges. */
final class JudgingOptions {
  private static final String ALL = "all";

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
      description = "What is held out: known (runs of every task), unseen-task (whole tasks), unseen-source (whole sources),"
          + " time (what started later), success (a fifth of the configurations that reached their target); or all of them."
          + " Default: known,unseen-task.")
  private List<String> splits = List.of(Split.KNOWN_TASK.word(), Split.UNSEEN_TASK.word());

  @Option(names = "--folds", paramLabel = "N", description = "Into how many parts runs are split. Default: ${DEFAULT-VALUE}.")
  private int folds = Protocol.standard().folds();

  double[] prices() {
    return prices.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Prepares to judge a learner, which replays the rules.
   *
   * @param part which of the runs are judged
   * @param horizons how policies are shown the horizon of a judged run; at least one way
   * @param everyPolicy whether there is a row for every policy, not for the protocol's own alone
   * @param tables where each table is printed as it is ready
   */
  Judging of(
      List<ScoredRun> runs,
      Part part,
      List<ShownHorizon> horizons,
      Learner learner,
      boolean everyPolicy,
      PrintWriter tables,
      PrintWriter err)
      throws WrongUsageException {
    return new Judging(protocol(), chosenSplits(), runs, part, horizons, learner, everyPolicy, tables, err);
  }

  /** How a verb judges, or what is wrong with what was asked for. */
  Protocol protocol() throws WrongUsageException {
    try {
      return new Protocol(prices, folds, Protocol.standard().seed());
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }

  /** What is held out, or what is wrong with what was asked for. */
  List<Split> chosenSplits() throws WrongUsageException {
    try {
      return splits();
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(Objects.requireNonNull(e.getMessage()));
    }
  }

  private List<Split> splits() {
    List<Split> chosen = new ArrayList<>();
    for (String word : splits) {
      chosen.addAll(word.equals(ALL) ? List.of(Split.values()) : List.of(Split.of(word)));
    }
    return chosen.stream().distinct().toList();
  }
}
