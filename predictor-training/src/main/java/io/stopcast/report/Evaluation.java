package io.stopcast.report;

import io.stopcast.history.History;
import io.stopcast.inspect.Latency;
import io.stopcast.model.ModelFile;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All that a report tells: what was read, what was judged how, and with which result.
 *
 * @param version of this program
 * @param history as it was read
 * @param scored those of its runs that were judged or learned from
 * @param furtherRuns how many runs of others were learned from as well
 * @param protocol how it was judged
 * @param judged by split, at the prices of the protocol; at least one
 * @param learningCurves results by the largest number of runs of a task to learn from, if that was asked
 * @param model the published model that belongs to it, if any
 * @param latency if it was measured
 * @param promises limits on harm, tried on held-out runs; empty if none was asked for
 */
public record Evaluation(
    String version,
    History history,
    List<ScoredRun> scored,
    int furtherRuns,
    Protocol protocol,
    List<Judged> judged,
    List<SortedMap<Integer, Results>> learningCurves,
    Optional<Published> model,
    Optional<Latency> latency,
    List<Promise> promises) {

  /**
   * One split.
   *
   * @param turns who was judged by what was learned from whom
   * @param learner that gives back what it learned in each turn
   */
  public record Judged(Results results, List<Folds.Turn> turns, Learner learner) {
    public Judged {
      turns = List.copyOf(turns);
    }
  }

  /**
   * A model file.
   *
   * @param card what was published with it, as Markdown
   */
  public record Published(ModelFile file, Optional<String> card) {}

  public Evaluation {
    scored = List.copyOf(scored);
    judged = List.copyOf(judged);
    learningCurves = List.copyOf(learningCurves);
    promises = List.copyOf(promises);
    if (judged.isEmpty()) {
      throw new IllegalArgumentException("a report needs at least one split that was judged, but was given none");
    }
  }
}
