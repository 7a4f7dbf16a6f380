package io.stopcast.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.history.TaskId;
import io.stopcast.model.Outlook;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Baselines;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Results;
import io.stopcast.replay.RuleReplays;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found in points of which everything is known. */
class FindingsTest {
  /** Believes the first feature and looks at no other. */
  private static final StopModel FIRST =
      new StopModel() {
        @Override
        public FeatureSchema schema() {
          return new FeatureSchema(1, List.of("told.it", "told.again", "idle.x", "price"));
        }

        @Override
        public float margin(float[] features) {
          return features[0];
        }

        @Override
        public void close() {}
      };

  private static HeldOutPoint point(int task, double share, float score, double probability, double advantage, double gain) {
    float margin = (float) Math.log(score / (1 - score));
    return new HeldOutPoint(
        new TaskId("s", "t" + task),
        FIRST,
        1,
        share,
        score,
        .5,
        Optional.of(new Outlook(probability, 0, .1, .2, 1)),
        advantage,
        gain,
        new float[] {margin, margin, 7, 0});
  }

  @Test
  void calibration_bins_haveWhatWasSaidAndWhatCameTrue() {
    List<HeldOutPoint> points = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      points.add(point(i % 10, .5, .9f, .75, i < 75 ? .1 : -.1, i < 60 ? .1 : i < 95 ? .2 : .3));
      points.add(point(i % 10, .5, .9f, .05, -.1, .1));
    }
    Calibration calibration = Calibration.of(points);
    assertEquals(2, calibration.bins().size());
    Calibration.Bin high = calibration.bins().get(1);
    assertEquals(.75, high.said(), 1e-12);
    assertEquals(.75, high.observed(), 1e-12);
    assertEquals(.5, high.share(), 1e-12);
    assertEquals(10, high.tasks());
    assertTrue(high.interval().low() <= .75 && high.interval().high() >= .75, high.toString());
    assertEquals(0, calibration.bins().get(0).observed(), 1e-12);
    // Of both halves, .6 and all are covered by the median, .95 and all by the .9 quantile.
    assertEquals(.8, calibration.quantiles().get(0).observed(), 1e-12);
    assertEquals(.975, calibration.quantiles().get(1).observed(), 1e-12);
  }

  @Test
  void importance_groupThatIsNotAsked_isWorthNothing() {
    Random random = new Random(1);
    List<HeldOutPoint> points = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      boolean right = random.nextBoolean();
      points.add(point(i % 7, .5, right ? .9f : .1f, .5, right ? .2 : -.2, 0));
    }
    List<Importance> importances = Importance.of(points, 1);
    assertEquals(List.of("told", "idle"), importances.stream().map(Importance::group).toList());
    // Half of the points get the wrong answer: (ln 10 - ln 10/9) / 2 on top of ln 10/9, and .8 of probability.
    assertEquals((Math.log(10) / Math.log(10 / 9.0) - 1) / 2, importances.get(0).rise(), 1);
    assertEquals(.4, importances.get(0).moved(), .03);
    assertTrue(importances.get(0).deviation() > 0 && importances.get(0).deviation() < 1);
    assertEquals(2, importances.get(0).features());
    assertEquals(0, importances.get(1).rise(), 1e-6);
    assertEquals(0, importances.get(1).moved(), 1e-6);
  }

  @Test
  void agreement_byShare_countsAnswersAndWhatWrongOnesCost() {
    List<Agreement> rows =
        Agreement.byShare(
            List.of(
                point(1, .05, .9f, .9, .1, 0), // says stop, right
                point(1, .06, .9f, .9, -.3, 0), // says stop, wrong
                point(1, .07, .1f, .1, -.1, 0), // goes on, right
                point(1, 1, .1f, .1, .2, 0))); // goes on, wrong
    assertEquals(2, rows.size());
    Agreement first = rows.get(0);
    assertEquals(2 / 3.0, first.agreement(), 1e-12);
    assertEquals(2 / 3.0, first.goingOn(), 1e-12);
    assertEquals(.1, first.cost(), 1e-12);
    assertEquals(.1 / 3, first.costGoingOn(), 1e-12);
    assertEquals(new Agreement(.9, 1, 0, 0, .2, .2, 1), rows.get(1));
  }

  @Test
  void examples_kinds_areWhatTheySay() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(20, 12, 3));
    StopPolicy late = run -> step -> step.index() >= 25 ? new Decision.Stop("late", "late") : Decision.CONTINUE;
    Learner learner = (training, prices) -> () -> Collections.nCopies(prices.length, late);
    Protocol protocol = new Protocol(List.of(.1), 2, 5);
    RuleReplays rules = RuleReplays.of(Baselines.families().subList(0, 2), runs, ShownHorizon.PLANNED, () -> {});
    Folds folds = Split.KNOWN_TASK.folds(runs, 2, 5);
    Results results = protocol.judge(Split.KNOWN_TASK, folds, List.of(rules), learner, () -> {}).get(0);

    List<Examples.Example> examples = Examples.of(results, 0);

    assertEquals(examples, Examples.of(results, 0));
    for (Examples.Kind kind : Examples.Kind.values()) {
      List<Examples.Example> of = examples.stream().filter(e -> e.kinds().contains(kind)).toList();
      assertTrue(of.size() >= (kind == Examples.Kind.SAMPLE ? 12 : 3), kind + ": " + of.size());
    }
    double worst = 0;
    for (int r = 0; r < results.runCount(); r++) {
      worst = Math.max(worst, harm(results, r));
    }
    double shown = 0;
    for (Examples.Example example : examples) {
      ScoredRun run = results.runs().get(example.run());
      int stop = results.stop(Results.LEARNED, 0, example.run());
      if (example.kinds().contains(Examples.Kind.BEST_SAVE)) {
        assertTrue(run.hindsight().regret()[stop] <= .005, run.toString());
      }
      if (example.kinds().contains(Examples.Kind.WORST_HARM)) {
        shown = Math.max(shown, harm(results, example.run()));
      }
    }
    assertEquals(worst, shown);
  }

  private static double harm(Results results, int run) {
    var hindsight = results.runs().get(run).hindsight();
    int stop = results.stop(Results.LEARNED, 0, run);
    return hindsight.regret()[stop] - .1 * (1 - hindsight.share()[stop]);
  }
}
