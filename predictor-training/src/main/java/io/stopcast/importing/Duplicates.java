package io.stopcast.importing;

/** Which value stands where a run reported a metric at one step more than once. */
public enum Duplicates {
  /** The one that came last: MLflow, CSV files that were appended to. */
  LAST,
  /** The one that came first: Optuna ignores later reports. */
  FIRST,
  /** A restart at a step wipes out what was there from that step on: TensorBoard. */
  PURGE_AFTER_RESTART
}
