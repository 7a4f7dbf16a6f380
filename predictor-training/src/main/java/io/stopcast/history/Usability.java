package io.stopcast.history;

import io.stopcast.run.Run;

/** Whether a recorded run can be learned from and scored, and if not, why. */
public enum Usability {
  SCORED("scored"),
  CENSORED("censored: it did not end by itself, so nobody knows what stopping would have lost"),
  NEVER_REPORTS_OBJECTIVE("never reports its objective"),
  NO_FINITE_VALUE("its objective is never finite"),
  SINGLE_POINT("a single point leaves nothing to decide");

  private final String reason;

  Usability(String reason) {
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }

  public static Usability of(Run run) {
    Curve curve = Curve.of(run);
    if (curve.length() == 0) {
      return NEVER_REPORTS_OBJECTIVE;
    }
    if (Double.isNaN(curve.finalBest())) {
      return NO_FINITE_VALUE;
    }
    if (curve.length() == 1) {
      return SINGLE_POINT;
    }
    return run.end().isScored() ? SCORED : CENSORED;
  }
}
