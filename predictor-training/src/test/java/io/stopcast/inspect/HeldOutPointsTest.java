package io.stopcast.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.replay.Stop;
import io.stopcast.run.Run;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A small model, looked at on the runs that it has not seen. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeldOutPointsTest {
  private static final double[] PRICES = {.1, 1.5};
  private static final Recipe SMALL = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 24, Integer.MAX_VALUE, 0.3, 0, 0, 40, 10, 0, 2, 0.5, 0.5, 7);

  private final List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(8, 8, 3));
  private final Learner learner = new LearnedRecipe(SMALL).expecting().remembering();
  private List<Folds.Turn> turns;
  private List<HeldOutPoint> points;

  @BeforeAll
  void look() {
    turns = Split.KNOWN_TASK.folds(runs, 2, Protocol.standard().seed()).turns();
    points = HeldOutPoints.of(turns, learner, PRICES, 0, ShownHorizon.PLANNED);
  }

  @Test
  void of_features_haveTheScoreThatThePolicyHad() {
    assertTrue(points.size() > 200, points.size() + " points");
    for (HeldOutPoint point : points) {
      assertEquals(point.score(), point.model().score(point.features()));
      assertTrue(point.outlook().isPresent());
    }
  }

  @Test
  void of_weights_areTheSameForEveryTask() {
    for (ScoredRun run : runs) {
      double weight = points.stream().filter(p -> p.task().equals(run.task())).mapToDouble(HeldOutPoint::weight).sum();
      assertTrue(weight > .6 / 8 && weight < 1.1 / 8, run.task() + " weighs " + weight);
    }
  }

  @Test
  void of_policyThatHasNotLearned_hasNone() {
    Learner never = (training, prices) -> () -> Collections.nCopies(prices.length, StopPolicy.NEVER);
    assertEquals(List.of(), HeldOutPoints.of(turns, never, PRICES, 0, ShownHorizon.PLANNED));
    assertEquals(List.of(), Importance.of(List.of(), 1));
    assertEquals(List.of(), Agreement.byShare(List.of()));
    assertEquals(new Calibration(List.of(), List.of()), Calibration.of(List.of()));
  }

  @Test
  void closeup_stop_isThatOfReplay() {
    StopPolicy policy = learner.fit(turns.get(0).training(), PRICES).policies().get(1);
    int stopped = 0;
    for (ScoredRun run : turns.get(0).judged()) {
      Stop stop = Replay.of(policy, run.run());
      Closeup closeup = Closeup.of(policy, run, run.run());
      assertEquals(stop.stopped() ? stop.reason() : "none", closeup.reason().orElse("none"));
      assertEquals(stop.score(), closeup.scores()[stop.point()]);
      assertEquals(run.length(), closeup.scores().length);
      assertFalse(closeup.drivers().isEmpty());
      stopped += stop.stopped() ? 1 : 0;
    }
    assertTrue(stopped > 0, "nothing was stopped");
  }

  @Test
  void closeup_drivers_andTheRestAreTheMargin() {
    StopPolicy policy = learner.fit(turns.get(0).training(), PRICES).policies().get(0);
    ScoredRun run = turns.get(0).judged().get(0);
    StopPolicy.Watch watch = policy.watch(run.run().context());
    double sum = Double.NaN;
    double price = 0;
    for (var step : run.run().steps()) {
      if (watch.observe(step) instanceof Decision.Stop || step == run.run().steps().get(run.length() - 1)) {
        var attribution = watch.attribution().orElseThrow();
        sum = attribution.margin() - attribution.base();
        price = attribution.parts()[attribution.parts().length - 1];
        break;
      }
    }
    double drivers = Closeup.of(policy, run, run.run()).drivers().stream().mapToDouble(Closeup.Driver::part).sum();
    assertEquals(sum - price, drivers, 1e-9);
  }

  @Test
  void leakage_copyUnderAnotherName_isFound() {
    Leakage clean = Leakage.of(turns);
    assertEquals(new Leakage(64, 0, 0, 64), clean);
    assertEquals(0, Leakage.duplicates(runs));
    List<ScoredRun> judged = new ArrayList<>(turns.get(0).judged());
    Run copied = turns.get(0).training().get(0).run();
    double[] values = copied.steps().stream().mapToDouble(step -> step.value("m")).toArray();
    judged.addAll(ScoredRun.of(List.of(RecordedRuns.of("test/other", "copy", values))));
    Leakage leaking = Leakage.of(List.of(new Folds.Turn(turns.get(0).training(), judged)));
    assertEquals(1, leaking.sameCurve());
    assertEquals(judged.size(), leaking.judged());
    List<ScoredRun> all = new ArrayList<>(runs);
    all.addAll(ScoredRun.of(List.of(RecordedRuns.of("test/other", "copy", values))));
    assertEquals(1, Leakage.duplicates(all));
  }
}
