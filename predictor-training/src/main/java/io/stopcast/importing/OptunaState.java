package io.stopcast.importing;

import io.stopcast.run.End;

/** The states of a trial, in the order of the numbers by which the journal says them. */
enum OptunaState {
  RUNNING(End.UNKNOWN),
  COMPLETE(End.COMPLETED),
  PRUNED(End.EARLY_STOPPED),
  FAIL(End.CRASHED),
  WAITING(End.UNKNOWN);

  final End end;

  OptunaState(End end) {
    this.end = end;
  }

  /** RUNNING for what nobody knows. */
  static OptunaState ofWord(String word) {
    for (OptunaState state : values()) {
      if (state.name().equals(word)) {
        return state;
      }
    }
    return RUNNING;
  }

  /** RUNNING for what nobody knows. */
  static OptunaState ofNumber(int number) {
    return number >= 0 && number < values().length ? values()[number] : RUNNING;
  }

  boolean isFinished() {
    return this != RUNNING && this != WAITING;
  }
}
