package io.stopcast.report;

import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.WatchedRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many stopped runs were learned from, and how many stand for what those do not show, as text and as a map. */
public final class StoppedText {
  private StoppedText() {}

  /** Returns a line; empty if none of the runs was stopped or exempt. */
  public static String of(List<ScoredRun> learned) {
    if (json(learned).isEmpty()) {
      return "";
    }
    long stopped = stopped(learned);
    long exempt = exempt(learned);
    return String.format(
        Locale.ROOT,
        exempt > 0
            ? "And from %,d runs that were stopped, as far as they show; %,d exempt runs stand for what such do not, each for at most %s runs.%n"
            : "And from %,d runs that were stopped, as far as they show; no run is exempt, so that nothing tells when to stop such: it will stop less.%n",
        stopped,
        exempt,
        WatchedRun.CLIP);
  }

  /** Returns the same for a machine; empty if none of the runs was stopped or exempt. */
  public static Map<String, Object> json(List<ScoredRun> learned) {
    Map<String, Object> map = new LinkedHashMap<>();
    long stopped = stopped(learned);
    long exempt = exempt(learned);
    if (stopped > 0 || exempt > 0) {
      map.put("stopped_runs", stopped);
      map.put("exempt_runs", exempt);
      map.put("clip", WatchedRun.CLIP);
    }
    return map;
  }

  private static long stopped(List<ScoredRun> runs) {
    return runs.stream().filter(ScoredRun::isStopped).count();
  }

  private static long exempt(List<ScoredRun> runs) {
    return runs.stream().filter(ScoredRun::isExempt).count();
  }
}
