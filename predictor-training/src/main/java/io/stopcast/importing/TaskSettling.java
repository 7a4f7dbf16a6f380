package io.stopcast.importing;

import io.stopcast.history.Quoted;
import io.stopcast.importing.Assembly.LoggedCurve;
import io.stopcast.importing.Assembly.SettledRun;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Settles what the runs of one task are judged by, how long each was to be, and what a trainer should know of the task. */
final class TaskSettling {
  private final List<StagedRun> runs;
  private final Map<Integer, List<LoggedCurve>> curves;
  private final List<String> metrics;
  private final Importer.Wishes wishes;

  TaskSettling(List<StagedRun> runs, Map<Integer, List<LoggedCurve>> curves, List<String> metrics, Importer.Wishes wishes) {
    this.runs = runs;
    this.curves = curves;
    this.metrics = metrics;
    this.wishes = wishes;
  }

  void settle(List<SettledRun> settled, List<ImportReport.Task> told, List<String> notes) throws IOException {
    StagedRun first = runs.get(0);
    Optional<Objective> guess = wishes.objective().isPresent() ? wishes.objective() : ObjectiveGuess.among(candidates());
    Map<String, Integer> ends = new TreeMap<>();
    Set<String> objectives = new TreeSet<>();
    List<Long> lengths = new ArrayList<>();
    boolean guessed = false;
    int constant = 0;
    int single = 0;
    int unplanned = 0;
    for (StagedRun run : runs) {
      Optional<Objective> own = wishes.objective().isPresent() || run.objective == null ? guess : Optional.of(run.objective);
      if (own.isEmpty()) {
        notes.add(
            "run %s of task %s was left out: nothing tells which of %s it is judged by; say it with --objective METRIC:min|max"
                .formatted(Quoted.of(run.name), Quoted.of(run.task), some(names(run))));
        continue;
      }
      Objective objective = own.get();
      guessed |= wishes.objective().isEmpty() && run.objective == null;
      objectives.add(objective.metric() + ":" + Importer.goal(objective));
      Optional<LoggedCurve> curve =
          curves.get(run.number).stream().filter(c -> metrics.get(c.metric()).equals(objective.metric())).findFirst();
      long length = curve.map(LoggedCurve::length).orElse(0L);
      long planned = run.plannedPoints > 0 ? run.plannedPoints : curve.map(c -> plannedPoints(c, run.plannedStep)).orElse(0L);
      End end = run.end;
      if (end == End.UNKNOWN && planned > 0 && length >= planned) {
        end = End.COMPLETED; // It has all that was planned.
      }
      lengths.add(length);
      single += length <= 1 ? 1 : 0;
      constant += length > 1 && curve.map(LoggedCurve::differentValues).orElse(0L) <= 1 ? 1 : 0;
      unplanned += planned > 0 || run.plannedCost > 0 ? 0 : 1;
      ends.merge(end.word(), 1, Integer::sum);
      settled.add(
          new SettledRun(
              run,
              objective,
              Importer.goal(objective),
              end.word(),
              planned,
              Importer.json(run.parameters),
              Importer.json(Importer.labels(run, names(run)))));
    }
    if (!lengths.isEmpty()) {
      lengths.sort(null);
      told.add(
          new ImportReport.Task(
              first.source,
              first.task,
              String.join(", ", objectives),
              guessed,
              lengths.size(),
              lengths.get(lengths.size() / 2),
              lengths.get(lengths.size() - 1),
              ends,
              warnings(lengths.size(), single, constant, unplanned, ends)));
    }
  }

  private static List<String> warnings(int runs, int single, int constant, int unplanned, Map<String, Integer> ends) {
    List<String> warnings = new ArrayList<>();
    int scored = 0;
    for (End end : End.values()) {
      scored += end.isScored() ? ends.getOrDefault(end.word(), 0) : 0;
    }
    if (single == runs) {
      warnings.add("only final values: no curve to learn from");
    } else if (single > 0) {
      warnings.add(single + " runs report the objective once or never");
    }
    if (constant > 0) {
      warnings.add(constant + " runs have a constant objective");
    }
    int unknown = ends.getOrDefault(End.UNKNOWN.word(), 0);
    if (unknown > 0) {
      warnings.add(unknown + " runs do not tell how they ended, and are not scored; --end completed says that they ended by themselves");
    }
    if (scored == 0 && unknown < runs) {
      warnings.add("all runs were stopped: nobody knows what would have come");
    }
    if (unplanned == runs) {
      warnings.add("no run tells how long it was planned to be");
    }
    return warnings;
  }

  /** How many points there would be at the planned last step, as far apart as those so far; 0 if that cannot be told. */
  private static long plannedPoints(LoggedCurve curve, long plannedStep) {
    if (plannedStep <= 0 || curve.length() < 2) {
      return 0;
    }
    double apart = (double) (curve.lastStep() - curve.firstStep()) / (curve.length() - 1);
    return Math.max(1, 1 + Math.round((plannedStep - curve.firstStep()) / apart));
  }

  private Set<String> names(StagedRun run) {
    Set<String> names = new TreeSet<>();
    curves.get(run.number).forEach(curve -> names.add(metrics.get(curve.metric())));
    return names;
  }

  private List<ObjectiveGuess.Candidate> candidates() {
    Map<Integer, long[]> counts = new HashMap<>();
    for (StagedRun run : runs) {
      for (LoggedCurve curve : curves.get(run.number)) {
        if (curve.metric() != run.costMetric) {
          long[] count = counts.computeIfAbsent(curve.metric(), m -> new long[2]);
          count[0]++;
          count[1] += curve.length();
        }
      }
    }
    return counts.entrySet().stream()
        .map(e -> new ObjectiveGuess.Candidate(metrics.get(e.getKey()), e.getValue()[0], e.getValue()[1]))
        .toList();
  }

  private static List<String> some(Set<String> names) {
    return names.stream().limit(10).map(Quoted::of).toList();
  }
}
