package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.Promise.Unit;
import io.stopcast.model.RegretLimit;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
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
    List<CalibrationUnit> seen = drawn(units, new Random(0));
    policy = new PromiseCheck.Policy("made up", SETTINGS, tables, new UnitStops(seen, tables));
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

  /** Runs that are stopped early lose twice as often as all do: a limit that is kept on average is broken among them. */
  @Test
  void certified_earlyStopsAreTheBadOnes_onlyALimitOnThemTooIsKept() {
    Map<ScoredRun, StopTable> tables = new HashMap<>();
    Random random = new Random(4);
    for (List<ScoredRun> unit : units) {
      boolean stopsEarly = random.nextDouble() < .3;
      for (ScoredRun run : unit) {
        double from = SETTINGS * random.nextDouble(); // from which setting on it is stopped at all
        double wrong = stopsEarly ? .9 - .6 * from / SETTINGS : .97;
        boolean loses = random.nextDouble() > wrong;
        double[] regret = new double[SETTINGS];
        double[] saved = new double[SETTINGS];
        Arrays.setAll(regret, i -> i >= from && loses ? .5 : 0);
        Arrays.setAll(saved, i -> i >= from ? (stopsEarly ? .8 : .2) : 0);
        tables.put(run, new StopTable(regret, saved));
      }
    }
    PromiseCheck.Policy early = new PromiseCheck.Policy("made up", SETTINGS, tables, new UnitStops(drawn(units, new Random(0)), tables));
    RegretLimit onAverage = new RegretLimit.Exceeding(.02, .2);
    RegretLimit also = new RegretLimit.AlsoEarly(onAverage, .5);
    int brokenByAverage = PromiseCheck.fate(Unit.RUN, units, early, also, DRAWS, 3).brokenByAverage();
    assertTrue(brokenByAverage > DRAWS / 2, "on average alone: broken among early stops in " + brokenByAverage);
    for (RegretLimit limit : List.of(also, new RegretLimit.AlsoEarly(new RegretLimit.Mean(.15), .5))) {
      PromiseCheck.Fate fate = PromiseCheck.fate(Unit.RUN, units, early, limit, DRAWS, 3);
      assertTrue(fate.broken() <= PromiseCheck.allowed(DRAWS), limit + ": " + fate);
    }
  }

  /** A limit that is kept on average over two families is broken in the harder one, but not by a certificate of its own. */
  @Test
  void certified_aHarderFamily_isHeldByItsOwnCertificateAlone() {
    List<List<ScoredRun>> named = new ArrayList<>();
    Map<ScoredRun, StopTable> tables = new HashMap<>();
    for (int u = 0; u < UNITS; u++) {
      String family = u % 3 == 0 ? "hard" : "easy";
      List<ScoredRun> unit = new ArrayList<>();
      for (ScoredRun run : units.get(u)) {
        RunContext c = run.run().context();
        RunContext context =
            new RunContext(c.source(), c.task(), c.run(), c.objective(), c.horizon(), c.costUnit(), Map.of("family", family));
        ScoredRun of = new ScoredRun(new Run(context, run.run().steps(), run.run().end()), run.task(), run.curve(), run.hindsight());
        StopTable table = policy.tables().get(run);
        double[] regret = new double[SETTINGS];
        int ahead = family.equals("hard") ? SETTINGS / 4 : 0; // it loses from a more cautious setting on
        Arrays.setAll(regret, i -> table.regret()[Math.min(SETTINGS - 1, i + ahead)]);
        tables.put(of, new StopTable(regret, table.saved()));
        unit.add(of);
      }
      named.add(unit);
    }
    PromiseCheck.Policy made = new PromiseCheck.Policy("made up", SETTINGS, tables, new UnitStops(List.of(), Map.of()));
    RegretLimit limit = new RegretLimit.Exceeding(.02, .3);
    PromiseCheck.ByFamily fate = PromiseCheck.byFamily(Unit.RUN, named, made, limit, DRAWS, 3);
    assertEquals(List.of("easy", "hard"), List.copyOf(fate.families().keySet()));
    PromiseCheck.FamilyFate hard = fate.families().get("hard");
    assertEquals(40, hard.units());
    assertTrue(hard.broken() > .5, fate.toString());
    assertTrue(hard.own() > DRAWS / 2 && hard.ownBroken() * hard.own() <= PromiseCheck.allowed(hard.own()), fate.toString());
    assertTrue(fate.broken() <= PromiseCheck.allowed(DRAWS), fate.toString());
  }

  /** To take each of four runs of a unit for a unit of its own is wrong, and this test would tell. */
  @Test
  void certified_runsThatBelongTogetherTakenForUnits_wouldFailThat() {
    Random random = new Random(2);
    int broken = 0;
    double[] risk = new double[SETTINGS];
    List<CalibrationUnit> all = drawn(units, random);
    UnitStops stops = new UnitStops(all, policy.tables());
    Arrays.setAll(risk, i -> stops.risk(EXCEEDING, i));
    for (int draw = 0; draw < DRAWS; draw++) {
      List<List<ScoredRun>> single = new ArrayList<>();
      for (int u = 0; u < 30; u++) {
        units.get(random.nextInt(UNITS)).forEach(run -> single.add(List.of(run)));
      }
      int certified = stops.with(drawn(single, random)).certified(0, SETTINGS, EXCEEDING, .9);
      broken += certified > 0 && risk[certified - 1] > .1 ? 1 : 0;
    }
    assertTrue(broken > PromiseCheck.allowed(DRAWS), broken + " of " + DRAWS);
  }

  private static List<CalibrationUnit> drawn(List<List<ScoredRun>> units, Random random) {
    return units.stream().flatMap(runs -> CalibrationUnit.of(Unit.RUN, runs, run -> true, random).stream()).toList();
  }

  /** Of 40 runs without any regret half are stopped early from setting 10 on; 22 clean early stops are needed, and 20 are there. */
  @Test
  void certified_tooFewEarlyStops_nothingIsAndSaysHowManyAreMissing() {
    Map<ScoredRun, StopTable> tables = new HashMap<>();
    List<List<ScoredRun>> single = new ArrayList<>();
    for (int u = 0; u < 40; u++) {
      boolean isEarly = u % 2 == 0;
      double[] saved = new double[20];
      Arrays.setAll(saved, i -> isEarly ? (i >= 10 ? .9 : .5) : .2); // to stop at .5 is not yet before .5
      single.add(List.of(units.get(u).get(0)));
      tables.put(units.get(u).get(0), new StopTable(new double[20], saved));
    }
    UnitStops stops = new UnitStops(drawn(single, new Random(1)), tables);
    RegretLimit limit = new RegretLimit.AlsoEarly(EXCEEDING, .5);
    assertEquals(20, stops.certified(0, 20, EXCEEDING, .9));
    assertEquals(0, stops.certified(0, 20, limit, .9));
    assertEquals(0, stops.certified(10, 20, limit, .9));
    assertEquals(22, stops.missing(limit, 9, .9));
    assertEquals(2, stops.missing(limit, 10, .9));
    assertEquals(0, stops.missing(EXCEEDING, 10, .9));
    assertEquals(20, stops.certified(10, 20, limit, .85), "18 are enough there");
    assertEquals(0, stops.certified(9, 20, limit, .85), "a sequence that begins without early stops certifies nothing");
    int enough = Evidence.enough(limit, .1);
    assertEquals(10, Calibration.firstWithEarly(stops, 20, 2 * enough, limit, .9), "half of them are expected to be stopped early");
    assertEquals(19, Calibration.firstWithEarly(stops, 20, 2 * enough - 1, limit, .9), "never enough: the boldest");
    assertEquals(new UnitStops.Early(.5, 0), stops.early(limit, 10));
    assertTrue(Double.isNaN(stops.early(limit, 9).risk()));
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
