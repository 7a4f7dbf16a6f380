package io.stopcast.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.RegretLimit;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Stochastic;
import io.stopcast.replay.LoggedRun;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveCheckTest {
  private static final RegretLimit.Exceeding EXCEEDING = new RegretLimit.Exceeding(.02, .1);
  private static final RegretLimit.Mean MEAN = new RegretLimit.Mean(.01);
  private static final int STREAMS = 1_000;
  private static final int RUNS = 600;

  private static double regret(RegretLimit limit, double risk, Random random) {
    if (limit instanceof RegretLimit.Exceeding) {
      return random.nextDouble() < risk ? .5 : .01;
    }
    return random.nextDouble() < .05 ? 40 * risk * random.nextDouble() : 0; // the mean is the risk
  }

  /** How many streams are ever called broken. */
  private static int alarms(RegretLimit limit, double risk) {
    Random random = new Random(1);
    int alarms = 0;
    for (int stream = 0; stream < STREAMS; stream++) {
      LiveCheck check = new LiveCheck(limit, .05);
      for (int i = 0; i < RUNS; i++) {
        check.shown(regret(limit, risk, random));
      }
      alarms += check.brokenAfter().isPresent() ? 1 : 0;
    }
    return alarms;
  }

  @Test
  void shown_keptPromise_isCalledBrokenAtMostAsOftenAsAllowed() {
    int most = (int) (.05 * STREAMS + 3 * Math.sqrt(.05 * .95 * STREAMS));
    for (int alarms : new int[] {alarms(EXCEEDING, .1), alarms(MEAN, .01)}) {
      assertTrue(alarms <= most, alarms + " of " + STREAMS);
    }
    assertEquals(0, alarms(EXCEEDING, .03));
  }

  /** Asking a test for a fixed number of runs after each of them would find out in most streams what is not true. */
  @Test
  void shown_fixedTestAskedAgainAndAgain_wouldFailThat() {
    Random random = new Random(1);
    int alarms = 0;
    for (int stream = 0; stream < 300; stream++) {
      int exceed = 0;
      boolean isBroken = false;
      for (int i = 1; i <= RUNS; i++) {
        exceed += regret(EXCEEDING, .1, random) > .02 ? 1 : 0;
        isBroken |= 1 - Binomial.atMost(exceed - 1, i, .1) <= .05;
      }
      alarms += isBroken ? 1 : 0;
    }
    assertTrue(alarms > 60, alarms + " of 300");
  }

  @Test
  void shown_brokenPromise_isFoundOut() {
    assertTrue(alarms(EXCEEDING, .2) > .95 * STREAMS);
    assertTrue(alarms(MEAN, .025) > .8 * STREAMS);
  }

  @Test
  void brokenAfter_staysWhateverComesLater() {
    LiveCheck check = new LiveCheck(EXCEEDING, .05);
    int runs = 0;
    while (check.brokenAfter().isEmpty()) {
      check.shown(1);
      runs++;
    }
    assertEquals(OptionalInt.of(runs), check.brokenAfter());
    assertTrue(runs < 10, runs + " runs in a row");
    for (int i = 0; i < 500; i++) {
      check.shown(0);
    }
    assertEquals(OptionalInt.of(runs), check.brokenAfter());
    assertTrue(check.evidence() < 1);
    assertEquals((double) runs / (runs + 500), check.estimate());
    assertEquals(20, check.enough());
    assertEquals(runs + 500, check.units());
  }

  @Test
  void stopped_runs_countAsNothing() {
    LiveCheck all = new LiveCheck(EXCEEDING, .05);
    LiveCheck exempt = new LiveCheck(EXCEEDING, .05);
    Random random = new Random(5);
    for (int i = 0; i < 4_000; i++) {
      double regret = regret(EXCEEDING, .2, random);
      all.shown(regret);
      if (random.nextDouble() < .25) {
        exempt.shown(regret, .25);
      } else {
        exempt.stopped();
      }
    }
    assertEquals(all.estimate(), exempt.estimate(), .03);
    assertTrue(all.brokenAfter().isPresent() && exempt.brokenAfter().isPresent());
    assertTrue(all.brokenAfter().getAsInt() < exempt.brokenAfter().getAsInt(), "less is known of stopped runs");
  }

  /** A history of a policy that stops most runs and lets some go on: the same estimate as if all had gone on. */
  @Test
  void logged_explorationRuns_tellWhatAllWould() {
    FixedShare policy = new FixedShare(.5);
    Stochastic logging = policy.withProbability(.6, 11);
    List<Run> whole = RecordedRuns.history(40, 40, 7);
    List<Run> history = new ArrayList<>();
    for (Run run : whole) {
      int stop = Replay.of(logging, run).point();
      boolean isStopped = stop < run.steps().size() - 1;
      history.add(isStopped ? new Run(run.context(), run.steps().subList(0, stop + 1), End.EARLY_STOPPED) : run);
    }
    LiveCheck all = new LiveCheck(EXCEEDING, .05);
    for (ScoredRun run : ScoredRun.of(whole)) {
      all.shown(run.hindsight().regret()[Replay.of(policy, run.run()).point()]);
    }
    LiveCheck explored = new LiveCheck(EXCEEDING, .05);
    LoggedRun.of(policy, logging, history, 0).forEach(explored::logged);
    assertEquals(all.units(), explored.units());
    assertEquals(all.estimate(), explored.estimate(), .05);
    assertTrue(all.estimate() > .3 && explored.brokenAfter().isPresent());
  }

  @Test
  void constructor_andRuns_nonsense_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LiveCheck(MEAN, 0));
    LiveCheck check = new LiveCheck(MEAN, .05);
    for (double[] wrong : new double[][] {{-.1, 1}, {1.1, 1}, {Double.NaN, 1}, {.1, 0}, {.1, 1.1}}) {
      assertThrows(IllegalArgumentException.class, () -> check.shown(wrong[0], wrong[1]));
    }
    assertEquals(0, check.units());
    assertFalse(check.brokenAfter().isPresent());
  }
}
