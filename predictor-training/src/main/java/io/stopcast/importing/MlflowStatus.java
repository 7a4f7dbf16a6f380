package io.stopcast.importing;

import io.stopcast.run.End;

/** What MLflow's words and numbers for the state of a run say about its end. */
final class MlflowStatus {
  private MlflowStatus() {}

  /** Of the database's words; {@link End#UNKNOWN} for RUNNING, SCHEDULED and what nobody knows. */
  static End ofWord(String status) {
    return switch (String.valueOf(status)) {
      case "FINISHED" -> End.COMPLETED;
      case "FAILED" -> End.CRASHED;
      case "KILLED" -> End.ABORTED;
      default -> End.UNKNOWN;
    };
  }

  /** Of the file store's numbers. */
  static End ofNumber(long status) {
    return switch ((int) Math.max(0, Math.min(status, 9))) {
      case 3 -> End.COMPLETED;
      case 4 -> End.CRASHED;
      case 5 -> End.ABORTED;
      default -> End.UNKNOWN;
    };
  }
}
