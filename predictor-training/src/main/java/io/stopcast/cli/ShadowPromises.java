package io.stopcast.cli;

import io.stopcast.history.ShadowRun;
import io.stopcast.history.TaskId;
import io.stopcast.model.Promise;
import io.stopcast.risk.LiveCheck;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Whether promises hold on shadow runs, taken in the order in which they began. */
final class ShadowPromises {
  private final double falseAlarm;
  private final Map<ShadowRun.Kept, LiveCheck> checks = new LinkedHashMap<>();
  private final Map<ShadowRun.Kept, Set<TaskId>> tasks = new LinkedHashMap<>();

  /**
   * @param falseAlarm how probable it may be that a promise that holds is called broken
   */
  ShadowPromises(double falseAlarm) {
    this.falseAlarm = falseAlarm;
  }

  /** Takes a run; of a promise for new tasks only the first one of each. */
  void take(ShadowRun.Kept kept, TaskId task, double regret) {
    LiveCheck check = checks.computeIfAbsent(kept, k -> new LiveCheck(k.limit(), falseAlarm));
    boolean isFirst = tasks.computeIfAbsent(kept, k -> new HashSet<>()).add(task);
    if (kept.unit() == Promise.Unit.RUN || isFirst) {
      check.shown(regret);
    }
  }

  void print(PrintWriter out) {
    checks.forEach(
        (kept, check) ->
            out.printf(
                Locale.ROOT,
                "promise %s for %s: %,d %s, estimated %.4f; evidence against it %.3g, where %.3g is enough: %s%n",
                kept.limit(),
                kept.unit().inWords(),
                check.units(),
                kept.unit() == Promise.Unit.RUN ? "runs" : "tasks",
                check.estimate(),
                check.evidence(),
                check.enough(),
                check.brokenAfter().isPresent() ? "BROKEN, as shown by the first " + check.brokenAfter().getAsInt() : "not broken so far"));
  }

  List<Map<String, Object>> json() {
    List<Map<String, Object>> all = new ArrayList<>();
    checks.forEach(
        (kept, check) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("limit", kept.limit().format());
          one.put("unit", kept.unit().word());
          one.put("units", check.units());
          one.put("estimate", check.estimate());
          one.put("evidence", check.evidence());
          one.put("enough", check.enough());
          one.put("broken", check.brokenAfter().isPresent());
          one.put("broken_after", check.brokenAfter().isPresent() ? check.brokenAfter().getAsInt() : null);
          all.add(one);
        });
    return all;
  }
}
