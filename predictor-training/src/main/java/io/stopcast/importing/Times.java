package io.stopcast.importing;

import java.time.Instant;

/** Times as logs write them: seconds since 1970. */
final class Times {
  private static final double YEAR_9999 = 253_402_300_799.0;

  private Times() {}

  /** In milliseconds; {@link LoggedRun#NO_TIME} for what is no time after 1970. */
  static long millis(double seconds) {
    return seconds > 0 && seconds <= YEAR_9999 ? Math.round(seconds * 1000) : LoggedRun.NO_TIME;
  }

  /** Tells a run when it started, if that is known. */
  static void tellStart(LoggedRun run, long millis) {
    if (millis != LoggedRun.NO_TIME) {
      run.started(Instant.ofEpochMilli(millis));
    }
  }
}
