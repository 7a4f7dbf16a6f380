package io.stopcast.cli;

import io.stopcast.history.ShadowRun;
import io.stopcast.history.TaskId;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.risk.LiveCheck;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether promises hold on shadow runs and on those of policies that stop by chance, each taken in the order in which they began. A limit that is also kept over early stops has two checks, one over
 * all runs and one over those that would have been stopped early, each of which gives a false alarm half as often.
 */
final class ShadowPromises {
  /** One thing that is tested: a limit over all runs, or over early stops. */
  private record Tested(ShadowRun.Kept kept, RegretLimit limit) {}

  private final double falseAlarm;
  private final Map<Tested, LiveCheck> checks = new LinkedHashMap<>();
  private final Map<ShadowRun.Kept, Set<TaskId>> tasks = new LinkedHashMap<>();

  /**
   * @param falseAlarm how probable it may be that a promise that holds is called broken
   */
  ShadowPromises(double falseAlarm) {
    this.falseAlarm = falseAlarm;
  }

  /**
   * Takes a run; of a promise for new tasks only the first one of each.
   *
   * @param saved the share of its cost that would have been left
   */
  void take(ShadowRun.Kept kept, TaskId task, double regret, double saved) {
    take(kept, task, regret, saved, 1);
  }

  /**
   * Takes a run that was shown although it might have been stopped.
   *
   * @param propensity how probable it was that it would be shown. Among early stops an exempt run stands for itself: who is exempt has nothing to do
   *     with how a run goes, so that those which are exempt are like those which are not
   */
  void take(ShadowRun.Kept kept, TaskId task, double regret, double saved, double propensity) {
    if (isUnit(kept, task)) {
      check(kept, kept.limit().overall()).shown(regret, propensity);
      if (kept.limit().early().isPresent() && saved > 1 - kept.limit().early().getAsDouble()) {
        check(kept, kept.limit()).shown(regret);
      }
    }
  }

  /** Takes a run that was stopped. */
  void takeStopped(ShadowRun.Kept kept, TaskId task) {
    if (isUnit(kept, task)) {
      check(kept, kept.limit().overall()).stopped();
    }
  }

  private boolean isUnit(ShadowRun.Kept kept, TaskId task) {
    boolean isFirst = tasks.computeIfAbsent(kept, k -> new HashSet<>()).add(task);
    return kept.unit() == Promise.Unit.RUN || isFirst;
  }

  private LiveCheck check(ShadowRun.Kept kept, RegretLimit limit) {
    double alarm = kept.limit().early().isPresent() ? falseAlarm / 2 : falseAlarm;
    return checks.computeIfAbsent(new Tested(kept, limit), tested -> new LiveCheck(limit, alarm));
  }

  void print(PrintWriter out) {
    checks.forEach(
        (tested, check) ->
            out.printf(
                Locale.ROOT,
                "promise %s for %s: %,d %s, estimated %.4f; evidence against it %.3g, where %.3g is enough: %s%n",
                tested.limit,
                tested.kept.unit().inWords(),
                check.units(),
                (tested.kept.unit() == Promise.Unit.RUN ? "runs" : "tasks") + (tested.limit.early().isPresent() ? " stopped early" : ""),
                check.estimate(),
                check.evidence(),
                check.enough(),
                check.brokenAfter().isPresent() ? "BROKEN, as shown by the first " + check.brokenAfter().getAsInt() : "not broken so far"));
  }

  List<Map<String, Object>> json() {
    List<Map<String, Object>> all = new ArrayList<>();
    checks.forEach(
        (tested, check) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("limit", tested.limit.format());
          one.put("unit", tested.kept.unit().word());
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
