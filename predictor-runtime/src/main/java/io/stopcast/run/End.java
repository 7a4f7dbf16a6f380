package io.stopcast.run;

import java.util.Locale;

/**
 * How a run ended.
 *
 * <p>Only a run that ended by itself shows what stopping it earlier would have lost. All others are right-censored:
 * nobody knows what would have come.
 */
public enum End {
  /** Reached its planned end. */
  COMPLETED(true),
  /** Reached its goal before its planned end; nothing more was wanted of it. */
  TARGET(true),
  /** Its numbers became useless. */
  DIVERGED(true),
  /** Used up its budget, or crashed on the way; the log cannot tell which. */
  BUDGET_OR_CRASH(true),
  /** Ended by an early-stopping rule. */
  EARLY_STOPPED(false),
  /** Ended by a person or a scheduler. */
  ABORTED(false),
  /** Ended by a fault of program or machine. */
  CRASHED(false),
  /** The log ends before the run did. */
  TRUNCATED(false),
  UNKNOWN(false);

  private final boolean scored;

  End(boolean scored) {
    this.scored = scored;
  }

  /** The word for it in the canonical form of a history. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the recorded curve is all that would have come, so that a replay can be scored. */
  public boolean isScored() {
    return scored;
  }
}
