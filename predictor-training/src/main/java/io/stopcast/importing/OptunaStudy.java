package io.stopcast.importing;

import com.fasterxml.jackson.databind.JsonNode;
import io.stopcast.run.Direction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A study of Optuna, and by what names its values are known here.
 *
 * <p>Optuna names values only if asked to ({@code set_metric_names}); without, what a trial reports on its way is {@code
 * value}, and so is the final value of one that reports nothing. Final values are also there as {@code final_value}, at the
 * last step that was reported. Of several objectives each has a final value only, {@code value_0}, {@code value_1} and so on,
 * and none is the one that trials are judged by.
 */
final class OptunaStudy {
  /** The attribute under which Optuna keeps the names. */
  static final String NAMES = "study:metric_names";

  final String name;
  private final List<Direction> directions;
  private final List<String> names = new ArrayList<>();

  /**
   * A study without names for its values.
   *
   * @param directions one an objective; null where Optuna has not set it
   */
  OptunaStudy(String name, List<Direction> directions) {
    this.name = name.isEmpty() ? "unnamed study" : name;
    this.directions = new ArrayList<>(directions);
  }

  void name(JsonNode attribute) {
    names.clear();
    for (JsonNode metric : attribute) {
      String text = metric.asText("");
      names.add(text.length() > Parameters.LONGEST_NAME ? "" : text);
    }
  }

  private boolean hasSeveral() {
    return directions.size() > 1;
  }

  /** The name of what trials report on the way. */
  String reported() {
    return nameOf(0, "value");
  }

  private String finalName(int objective) {
    return hasSeveral() ? nameOf(objective, "value_" + objective) : "final_" + reported();
  }

  private String nameOf(int objective, String otherwise) {
    return objective < names.size() && !names.get(objective).isEmpty() ? names.get(objective) : otherwise;
  }

  /** Tells a trial's run by what it is judged. */
  void tellObjective(LoggedRun run) {
    if (directions.size() == 1 && directions.get(0) != null) {
      run.objective(reported(), directions.get(0));
    }
  }

  /**
   * Tells a run a final value of its trial.
   *
   * @param lastStep the largest step that was reported; negative if none was
   */
  void tellFinal(LoggedRun run, int objective, double value, long lastStep) throws IOException {
    long step = Math.max(0, lastStep);
    run.value(finalName(objective), step, LoggedRun.NO_TIME, value);
    if (lastStep < 0 && !hasSeveral() && objective == 0) {
      run.value(reported(), step, LoggedRun.NO_TIME, value);
    }
  }
}
