package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.label.Censoring;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Stochastic;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedRunTest {
  private static final double CLIP = 50;

  /** Stops at the fifth of ten points, nine times in ten. */
  private static final Stochastic LOGGING = Stochastic.of(new FixedShare(.5), .9, 3);

  private static Run run(String name) {
    return RecordedRuns.of("test/a", name, 0, .1, .2, .3, .4, .5, .6, .7, .8, .9);
  }

  private static Run named(boolean isExempt) {
    for (int i = 0; ; i++) {
      if (LOGGING.isExempt(run("r" + i).context()) == isExempt) {
        return run("r" + i);
      }
    }
  }

  private static Run cut(Run run, int points) {
    return new Run(run.context(), run.steps().subList(0, points), End.EARLY_STOPPED);
  }

  @Test
  void of_exemptRun_standsForTenFromWhereItWouldHaveBeenStopped() {
    int wantedAt = Replay.of(LOGGING, named(false)).point();
    Censoring censoring = WatchedRun.of(named(true), LOGGING, CLIP).censoring();
    assertEquals(wantedAt + 1, censoring.sure());
    assertEquals(10, censoring.weight(), 1e-9);
    assertEquals(4, WatchedRun.of(named(true), LOGGING, 4).censoring().weight());
  }

  @Test
  void of_recordThatTells_isAsAskingThePolicyAgain() {
    Run exempt = named(true);
    int wantedAt = Replay.of(LOGGING, named(false)).point();
    Run told = exempt.with(new Exemption(exempt.steps().get(wantedAt).index(), 1 - LOGGING.probability()));
    assertEquals(WatchedRun.of(exempt, LOGGING, CLIP).censoring(), WatchedRun.of(told).censoring());
    assertEquals(WatchedRun.of(exempt, LOGGING, 4).censoring(), WatchedRun.of(told, 4).censoring());
    assertEquals(told, WatchedRun.of(told).run());
  }

  @Test
  void of_exemptAtTheLastPoint_isComplete() {
    assertEquals(Censoring.NONE, WatchedRun.of(run("r").with(new Exemption(9, .1))).censoring());
    assertEquals(Censoring.NONE, WatchedRun.of(run("r")).censoring());
  }

  /** What it showed beyond the stop that was passed over was not sure to be seen. */
  @Test
  void of_exemptRunThatCrashed_isSureUpToWhereItWouldHaveBeenStopped() {
    assertEquals(Censoring.stopped(5, .8), WatchedRun.of(cut(run("r"), 8).with(new Exemption(4, .1))).censoring());
  }

  @Test
  void of_stoppedRun_showsWhatItShows() {
    assertEquals(Censoring.stopped(5, .5), WatchedRun.of(cut(named(false), 5), LOGGING, CLIP).censoring());
    assertEquals(Censoring.stopped(5, .5), WatchedRun.of(cut(named(false), 5)).censoring());
  }

  @Test
  void of_runThatNobodyWantedToStop_isComplete() {
    Stochastic never = Stochastic.of(new FixedShare(1), .9, 3);
    assertEquals(Censoring.NONE, WatchedRun.of(named(true), never, CLIP).censoring());
    assertEquals(Censoring.NONE, WatchedRun.of(cut(named(true), 10), never, CLIP).censoring(), "stopped at the end of its plan");
  }

  @Test
  void of_runThatThePolicyWouldHaveStopped_isRefused() {
    String name = named(false).context().run();
    String message = assertThrows(IllegalArgumentException.class, () -> WatchedRun.of(named(false), LOGGING, CLIP)).getMessage();
    assertEquals(0, message.indexOf("run '" + name + "' of task 'test/a' ended by itself, but " + LOGGING + " stops it at point "), message);
  }

  @Test
  void ofWatched_keepsStoppedRuns_withLossesInThePlansUnit() {
    List<ScoredRun> runs = ScoredRun.ofWatched(List.of(WatchedRun.of(run("whole")), WatchedRun.of(cut(run("cut"), 5))));
    assertEquals(2, runs.size());
    assertEquals(runs.get(0).hindsight().share()[4], runs.get(1).hindsight().share()[4], 1e-12);
    assertEquals(
        runs.get(0).hindsight().loss(4, .1) - runs.get(0).hindsight().loss(1, .1),
        runs.get(1).hindsight().loss(4, .1) - runs.get(1).hindsight().loss(1, .1),
        1e-12);
    assertEquals(1, ScoredRun.of(List.of(run("whole"), cut(run("cut"), 5))).size(), "scored is what ended by itself");
  }
}
