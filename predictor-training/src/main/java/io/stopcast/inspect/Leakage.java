package io.stopcast.inspect;

import io.stopcast.replay.Configurations;
import io.stopcast.replay.Folds;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Objective;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What judged runs had in common with what was learned from before they were judged.
 *
 * @param judged how many runs were judged
 * @param sameCurve how many of them have a run with the very same values in the training part: exact duplicates under another name
 * @param sameConfiguration how many have a run of their own configuration there, see {@link Configurations}
 * @param sameTask how many have another run of their task there
 */
public record Leakage(int judged, int sameCurve, int sameConfiguration, int sameTask) {

  /** Compares every judged run with its own training part. */
  public static Leakage of(List<Folds.Turn> turns) {
    int judged = 0;
    int curves = 0;
    int configurations = 0;
    int tasks = 0;
    for (Folds.Turn turn : turns) {
      List<ScoredRun> both = new ArrayList<>(turn.training());
      both.addAll(turn.judged());
      Configurations known = new Configurations(both);
      Set<Object> curvesThere = turn.training().stream().map(Leakage::values).collect(Collectors.toSet());
      Set<Object> configurationsThere = turn.training().stream().map(known::of).collect(Collectors.toSet());
      Set<Object> tasksThere = turn.training().stream().map(ScoredRun::task).collect(Collectors.toSet());
      for (ScoredRun run : turn.judged()) {
        judged++;
        curves += curvesThere.contains(values(run)) ? 1 : 0;
        configurations += configurationsThere.contains(known.of(run)) ? 1 : 0;
        tasks += tasksThere.contains(run.task()) ? 1 : 0;
      }
    }
    return new Leakage(judged, curves, configurations, tasks);
  }

  /** How many of the runs have the very values of one before them in the list. */
  public static int duplicates(List<ScoredRun> runs) {
    Map<Object, Integer> counts = new HashMap<>();
    runs.forEach(run -> counts.merge(values(run), 1, Integer::sum));
    return runs.size() - counts.size();
  }

  /** Equal for runs that reported the same values of their objective. */
  private static List<Double> values(ScoredRun run) {
    Objective objective = run.run().context().objective();
    List<Double> values = new ArrayList<>();
    for (Step step : run.run().steps()) {
      if (objective.isReportedBy(step)) {
        values.add(objective.gain(step));
      }
    }
    return values;
  }
}
