package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.Promise.Unit;
import io.stopcast.model.RegretLimit;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certification on made-up units: 120 groups of 4 runs whose regrets belong together, at 200 settings. */
class CalibrationTest {
  private static final int SETTINGS = 200;
  private static final int UNITS = 120;
  private static final int DRAWS = 400;
  private static final RegretLimit EXCEEDING = new RegretLimit.Exceeding(.02, .1);
  private static final RegretLimit MEAN = new RegretLimit.Mean(.1);

  private final List<List<ScoredRun>> units = new ArrayList<>();
  private final PromiseCheck.Policy policy;

  CalibrationTest() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(UNITS, 4, 1));
    Map<ScoredRun, StopTable> tables = new HashMap<>();
    Random random = new Random(1);
    for (int u = 0; u < UNITS; u++) {
      units.add(runs.subList(4 * u, 4 * u + 4));
      double hardness = random.nextDouble();
      for (ScoredRun run : units.get(u)) {
        double from = SETTINGS * (.4 + .6 * Math.max(0, hardness + .02 * random.nextGaussian()));
        double size = random.nextDouble();
        double[] regret = new double[SETTINGS];
        double[] saved = new double[SETTINGS];
        Arrays.setAll(regret, i -> i < from ? 0 : size * (i - from) / SETTINGS);
        Arrays.setAll(saved, i -> (double) i / SETTINGS);
        tables.put(run, new StopTable(regret, saved));
      }
    }
    policy = new PromiseCheck.Policy("made up", SETTINGS, tables);
  }

  @ParameterizedTest
  @EnumSource
  void certified_drawnUnits_breakThePromiseAtMostAsOftenAsAllowed(Unit kind) {
    for (RegretLimit limit : List.of(EXCEEDING, MEAN)) {
      PromiseCheck.Fate fate = PromiseCheck.fate(kind, units, policy, limit, DRAWS, 3);
      assertTrue(fate.broken() <= PromiseCheck.allowed(DRAWS), limit + ": " + fate);
      assertTrue(fate.riskWithout() > .1 && fate.never() < DRAWS / 20 && fate.saved() > .05, limit + ": " + fate);
    }
  }

  /** To take each of four runs of a unit for a unit of its own is wrong, and this test would tell. */
  @Test
  void certified_runsThatBelongTogetherTakenForUnits_wouldFailThat() {
    Random random = new Random(2);
    int broken = 0;
    double[] risk = new double[SETTINGS];
    List<CalibrationUnit> all = drawn(units, random);
    Arrays.setAll(risk, i -> Calibration.risk(all, policy.tables(), EXCEEDING, i));
    for (int draw = 0; draw < DRAWS; draw++) {
      List<List<ScoredRun>> single = new ArrayList<>();
      for (int u = 0; u < 30; u++) {
        units.get(random.nextInt(UNITS)).forEach(run -> single.add(List.of(run)));
      }
      int certified = Calibration.certified(drawn(single, random), policy.tables(), SETTINGS, EXCEEDING, .9);
      broken += certified > 0 && risk[certified - 1] > .1 ? 1 : 0;
    }
    assertTrue(broken > PromiseCheck.allowed(DRAWS), broken + " of " + DRAWS);
  }

  private static List<CalibrationUnit> drawn(List<List<ScoredRun>> units, Random random) {
    return units.stream().flatMap(runs -> CalibrationUnit.of(Unit.RUN, runs, run -> true, random).stream()).toList();
  }

  @Test
  void unit_task_weighsItsTasksTheSameAndDrawsAccordingly() {
    List<ScoredRun> runs = new ArrayList<>(ScoredRun.of(RecordedRuns.history(1, 3, 1)));
    List<ScoredRun> other = ScoredRun.of(RecordedRuns.history(2, 1, 1)).subList(1, 2);
    runs.addAll(other);
    Random random = new Random(1);
    int drawnFromOther = 0;
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      CalibrationUnit unit = CalibrationUnit.of(Unit.TASK, runs, run -> true, random).orElseThrow();
      drawnFromOther += unit.drawn() == 3 ? 1 : 0;
      seen.add(unit.drawn());
      assertEquals(.5, unit.weights()[3], 1e-12);
      assertEquals(.5, unit.mean(run -> run == other.get(0) ? 1 : 0), 1e-12);
      assertEquals(unit.drawn() == 3 ? 1 : 0, unit.shown(EXCEEDING, run -> run == other.get(0) ? 1 : 0));
      assertEquals(.5, unit.shown(MEAN, run -> run == other.get(0) ? 1 : 0), 1e-12);
    }
    assertEquals(500, drawnFromOther, 60);
    assertEquals(Set.of(0, 1, 2, 3), seen);
    assertTrue(CalibrationUnit.of(Unit.RUN, runs, run -> false, random).isEmpty());
    assertEquals(.25, CalibrationUnit.of(Unit.RUN, runs, run -> true, random).orElseThrow().weights()[3]);
  }
}
