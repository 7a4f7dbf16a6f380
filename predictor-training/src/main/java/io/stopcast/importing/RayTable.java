package io.stopcast.importing;

import java.nio.file.Path;
import java.util.Set;

/**
 * Ray Tune's {@code progress.csv}: the header is that of the first result; parameters are columns {@code config/NAME}. That a
 * trial is {@code done} does not say whether it ended by itself or was stopped.
 */
final class RayTable implements TableProfile {
  private static final Set<String> ASIDE =
      Set.of(
          "trial_id", "experiment_id", "experiment_tag", "date", "done", "pid", "hostname", "node_ip", "time_this_iter_s",
          "time_since_restore", "iterations_since_restore", "timesteps_since_restore", "warmup_time", "checkpoint_dir_name",
          "should_checkpoint", "trial_log_path");

  @Override
  public String format() {
    return "ray-progress";
  }

  @Override
  public boolean fits(TableHeader header, Path file) {
    return header.has("training_iteration") && (header.has("trial_id") || header.has("time_total_s"));
  }

  @Override
  public TableColumns columns(TableHeader header) {
    return TableColumns.of("training_iteration")
        .withTime("timestamp", 1000)
        .withCost("time_total_s", "seconds")
        .withParameters("config/")
        .without(ASIDE::contains);
  }
}
