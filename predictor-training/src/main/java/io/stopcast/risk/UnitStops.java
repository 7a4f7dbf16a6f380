package io.stopcast.risk;

import io.stopcast.model.RegretLimit;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What some units lose and save at each setting of a policy, from cautious to bold, and how surprising that would be if a limit were broken.
 *
 * <p>A {@link RegretLimit.AlsoEarly} has two parts, and each is a hypothesis of its own: that the limit is broken over all runs, and that it is
 * broken over those that the setting stops early. A setting passes if both are rejected, so that its p-value is the larger one. Of the early
 * stops: units are drawn independently, and so is the run that stands for each; given which of them are stopped early at a setting, their
 * regrets are independent draws from just what early stops at that setting lose. So the exact binomial tail, or a bet, holds
 * for them, given how many they are, and therefore whatever their number. That the share of bad ones among the early stops may rise and fall from
 * one setting to the next does no harm: a {@link FixedSequence} needs an order, and nothing to be monotone along it [1].
 *
 * <p>[1] Ringel, Cohen, Freedman, Elad, Romano, "Early Time Classification with Accumulated Accuracy Gap Control", ICML 2024, which limits the gap
 * to the full run's answer among all that halted by each time; here by one time, and by the end.
 *
 * @param tables what each of the units' runs shows, with a column a setting
 */
record UnitStops(List<CalibrationUnit> units, Map<ScoredRun, StopTable> tables) {
  /** The runs that a setting stops early: their share, and of them what the limit limits, NaN if there are none. */
  record Early(double share, double risk) {}

  /** Plays every run of the units to a policy. O(steps). */
  static UnitStops of(LearnedPolicy policy, double[] thresholds, List<CalibrationUnit> units) {
    List<ScoredRun> runs = units.stream().flatMap(unit -> unit.runs().stream()).toList();
    StopTable[] tables = new StopTable[runs.size()];
    IntStream.range(0, tables.length)
        .parallel()
        .forEach(
            r -> {
              ScoredRun run = runs.get(r);
              tables[r] = StopTable.of(run, Trace.of(policy, run.run(), run.length()), thresholds);
            });
    Map<ScoredRun, StopTable> byRun = new HashMap<>();
    for (int r = 0; r < tables.length; r++) {
      byRun.put(runs.get(r), tables[r]);
    }
    return new UnitStops(units, byRun);
  }

  /** The same of other units, whose runs are in the tables. */
  UnitStops with(List<CalibrationUnit> others) {
    return new UnitStops(others, tables);
  }

  /** The same of those units whose drawn runs are of a family. */
  UnitStops of(String family) {
    return with(units.stream().filter(unit -> unit.run().run().context().family().equals(family)).toList());
  }

  /**
   * Up to which setting the limit is certified.
   *
   * @param first with which the sequence begins, 0 for the most cautious one; must be settled without a look at these units
   * @param settings how many there are
   * @return the boldest that is certified, counted from 1; 0 if not even the first one is
   */
  int certified(int first, int settings, RegretLimit limit, double confidence) {
    int rejected = FixedSequence.rejected(settings - first, i -> against(limit, first + i), 1 - confidence);
    return rejected == 0 ? 0 : first + rejected;
  }

  /** The p-value of the hypothesis that the limit is broken at a setting. */
  private double against(RegretLimit limit, int setting) {
    double overall = Evidence.against(limit, shown(limit, setting));
    return limit.early().isEmpty() ? overall : Math.max(overall, Evidence.against(limit, shownEarly(limit, setting)));
  }

  /** How many units without any regret are missing to certify a setting; of a limit on early stops they would have to be early stops. */
  int missing(RegretLimit limit, int setting, double confidence) {
    int overall = Evidence.missing(limit, shown(limit, setting), 1 - confidence);
    return limit.early().isEmpty() ? overall : Math.max(overall, Evidence.missing(limit, shownEarly(limit, setting), 1 - confidence));
  }

  private double[] shown(RegretLimit limit, int setting) {
    return units.stream().mapToDouble(unit -> unit.shown(limit, run -> tables.get(run).regret()[setting])).toArray();
  }

  /** Regrets of the drawn runs that are stopped early, for a mean too: the mean over a unit's runs says nothing of which of them are. */
  private double[] shownEarly(RegretLimit limit, int setting) {
    double before = limit.early().orElseThrow();
    return units.stream()
        .map(unit -> tables.get(unit.run()))
        .filter(table -> table.isEarly(setting, before))
        .mapToDouble(table -> table.regret()[setting])
        .toArray();
  }

  /** What the limit limits, over all runs of the units. */
  double risk(RegretLimit limit, int setting) {
    return units.stream()
        .mapToDouble(unit -> unit.mean(run -> limit.counted(tables.get(run).regret()[setting])))
        .average()
        .orElse(Double.NaN);
  }

  /** The same of the runs that are stopped early. */
  Early early(RegretLimit limit, int setting) {
    double before = limit.early().orElseThrow();
    double share = 0;
    double risk = 0;
    for (CalibrationUnit unit : units) {
      share += unit.mean(run -> tables.get(run).isEarly(setting, before) ? 1 : 0);
      risk += unit.mean(run -> tables.get(run).isEarly(setting, before) ? limit.counted(tables.get(run).regret()[setting]) : 0);
    }
    return new Early(share / units.size(), risk / share);
  }

  /** The mean share of a run's cost that is saved, over all runs of the units. */
  double saved(int setting) {
    return units.stream().mapToDouble(unit -> unit.mean(run -> tables.get(run).saved()[setting])).average().orElse(Double.NaN);
  }
}
