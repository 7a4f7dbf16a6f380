package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The logs of the AlgoPerf benchmark. {@code measurements.csv} has all, {@code eval_measurements.csv} its rows with evaluations
 * again: given their folder, only the first is read. Cost is the time of the submission, without that of evaluations.
 */
final class AlgoPerfTable implements TableProfile {
  static final String ALL = "measurements.csv";
  static final String EVALUATIONS = "eval_measurements.csv";
  private static final String COST = "accumulated_submission_time";

  @Override
  public String format() {
    return "algoperf";
  }

  @Override
  public boolean fits(TableHeader header, Path file) {
    return header.has("global_step") && header.has(COST);
  }

  @Override
  public TableColumns columns(TableHeader header) {
    return TableColumns.of("global_step").withCost(COST, "seconds").without(AlgoPerfTable::isNoMetric);
  }

  /** The score is the submission's time once more. */
  private static boolean isNoMetric(String name) {
    return name.equals("score")
        || name.equals("total_duration")
        || name.equals("preemption_count")
        || name.startsWith("accumulated_")
        || name.endsWith("/num_examples");
  }

  @Override
  public void tellMore(Path file, TableRows.Read read, LoggedRun run, LogSink sink) throws IOException {
    if (file.getFileName().toString().equals(EVALUATIONS) && Files.exists(file.resolveSibling(ALL))) {
      sink.repaired(file.toString(), "read alone; " + ALL + " beside it has these rows and the others");
    }
  }
}
