package io.stopcast.importing;

/** What of a run's MLflow tags belongs to its parameters. */
final class MlflowTags {
  private MlflowTags() {}

  /** The run's name and what users tagged, as {@code tags.NAME}; what MLflow notes for itself is left out. */
  static void add(Parameters parameters, String name, String value) {
    if (name.equals("mlflow.runName")) {
      parameters.add("run_name", value);
    } else if (!name.startsWith("mlflow.")) {
      parameters.addText("tags." + name, value);
    }
  }
}
