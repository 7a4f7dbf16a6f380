package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.label.Censoring;
import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.policy.Patience;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.WatchedRun;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CensoredLearningTest {
  private static final double[] PRICES = {0.03, 0.1, 0.3};
  private static final Recipe SMALL = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 36, Integer.MAX_VALUE, 0.3, 0, 0, 60, 10, 1, 3, 0.5, 0.5, 7);
  private static final double PROPENSITY = .1;

  private static Run cut(Run run, int points) {
    return new Run(run.context(), run.steps().subList(0, points), End.EARLY_STOPPED);
  }

  @Test
  void train_completeRuns_sameBytesHoweverTheyAreGiven() {
    List<Run> runs = RecordedRuns.history(6, 8, 3);
    assertArrayEquals(
        new LearnedRecipe(SMALL).train(ScoredRun.of(runs), PRICES, Map.of()).bytes(),
        new LearnedRecipe(SMALL).train(ScoredRun.ofWatched(runs.stream().map(WatchedRun::of).toList()), PRICES, Map.of()).bytes());
  }

  private static PriceThresholds at(double threshold) {
    return PriceThresholds.parse(PRICES[0] + "=" + threshold + ";" + PRICES[2] + "=" + threshold);
  }

  private static ScoredRun run(Censoring censoring) {
    return ScoredRun.ofWatched(List.of(new WatchedRun(RecordedRuns.of("test/a", "r", .1, .2, .3), censoring))).get(0);
  }

  /** Ten of which all is known, two that stand for ten each, and eighteen that were stopped: as good as 30 * 30 / 210 runs. */
  @Test
  void drawn_byHowManyRunsTell() {
    List<ScoredRun> runs = new ArrayList<>(Collections.nCopies(10, run(Censoring.NONE)));
    assertEquals(at(.9), ThresholdTuning.drawn(at(.9), at(.3), runs), "nothing was stopped");
    runs.addAll(Collections.nCopies(18, run(Censoring.stopped(2, .5))));
    runs.addAll(Collections.nCopies(2, run(Censoring.exempt(1, .1, 50))));
    double share = 30 / (30 + 30 * 30 / 210.0);
    ThresholdTuning.drawn(at(.9), at(.3), runs).byPrice().values().forEach(found -> assertEquals(.9 - share * .6, found, 1e-12));
    assertEquals(at(.3), ThresholdTuning.drawn(at(.9), at(.3), List.of(run(Censoring.stopped(2, .5)))), "nothing tells");
  }

  @Test
  void after_completeRuns_sameBytes() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(6, 8, 3));
    ModelFile first = new LearnedRecipe(SMALL).train(runs, PRICES, Map.of());
    ModelFile other = new LearnedRecipe(SMALL).train(runs.subList(0, 30), PRICES, Map.of());
    assertArrayEquals(first.bytes(), new LearnedRecipe(SMALL).after(other).train(runs, PRICES, Map.of()).bytes());
  }

  @Test
  void train_nothingCertain_saysWhatWasFound() {
    List<WatchedRun> stopped =
        List.of("a", "b", "c").stream().map(name -> WatchedRun.of(cut(RecordedRuns.of("test/" + name, "r", .5, .4, .3, .2, .1, .1), 5))).toList();
    LearnedRecipe recipe = new LearnedRecipe(SMALL);
    String message =
        assertThrows(NothingToLearnException.class, () -> recipe.train(ScoredRun.ofWatched(stopped), PRICES, Map.of())).getMessage();
    assertEquals(
        "there is nothing to learn from 3 runs, of which 3 were stopped, at prices [0.03, 0.1, 0.3]: at none of their points is it certain whether"
            + " stopping was right. Let some of the runs that would be stopped go on to their end, or learn from complete runs as well",
        message);
  }

  /** The best of the task and the first values stay the same whatever is stopped, and with them its scale. */
  @Test
  void targets_onAverageOverDraws_areThoseOfTheWholeRun() {
    double[] values = {.1, .2, .35, .35, .36, .36, .36, .36, .7, .7, .71, .71, .71, .8, .8, .8};
    Run run = RecordedRuns.of("test/a", "r", values);
    WatchedRun best = WatchedRun.of(RecordedRuns.of("test/a", "best", .1, 1));
    int wantedAt = 6;
    float[] score = {.1f, .2f, .1f, .6f, .3f, .7f, .9f, .9f, .2f, .4f, .6f, .8f, .3f, .2f, .4f, .9f};
    double[][] whole = targets(best, new WatchedRun(run, Censoring.NONE), score);
    double[][] exempt = targets(best, new WatchedRun(run, Censoring.exempt(wantedAt, PROPENSITY, 50)), score);
    double[][] stopped = targets(best, WatchedRun.of(cut(run, wantedAt + 1)), Arrays.copyOf(score, wantedAt + 1));
    for (int round = 0; round < whole.length; round++) {
      for (int t = 0; t < values.length; t++) {
        double ofStopped = t <= wantedAt ? stopped[round][t] : 0;
        assertEquals(
            whole[round][t], PROPENSITY * exempt[round][t] + (1 - PROPENSITY) * ofStopped, 1e-12, "round " + round + ", point " + t);
      }
    }
    assertTrue(stopped[0][1] < 0, "stopping before a leap that was shown is certainly wrong");
    assertEquals(0, stopped[0][5], "nobody knows what would have come");
  }

  /** By hindsight, and improved once by a policy with such scores. */
  private static double[][] targets(WatchedRun best, WatchedRun run, float[] score) {
    List<ScoredRun> runs = ScoredRun.ofWatched(List.of(best, run));
    double[] prices = {.1};
    Targets hindsight = Targets.hindsight(runs, prices);
    Map<ScoredRun, float[][]> scores = new IdentityHashMap<>();
    scores.put(runs.get(0), new float[][] {{.1f, .1f}});
    scores.put(runs.get(1), new float[][] {score});
    Targets improved = hindsight.improvedBy(scores, ThresholdTuning.neutral(prices));
    return new double[][] {hindsight.of(runs.get(1))[0], improved.of(runs.get(1))[0]};
  }

  @Test
  void rows_ofAStoppedRun_areThoseAtWhichTheAnswerIsCertain() {
    Run run = RecordedRuns.of("test/a", "r", .1, .1, .1, .1, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5, .5);
    List<ScoredRun> runs =
        ScoredRun.ofWatched(List.of(WatchedRun.of(cut(run, 12)), WatchedRun.of(RecordedRuns.of("test/a", "best", .1, .1, 1))));
    double[] prices = {.1};
    WeightedRows rows = TrainingRows.alone(SMALL).rows(runs, prices, Targets.hindsight(runs, prices));
    // Four points before the leap, and both of the complete run that are not its last.
    assertEquals(6, rows.size());
    double sum = 0;
    for (int row = 0; row < rows.size(); row++) {
      assertEquals(0, rows.labels()[row]);
      sum += rows.weights()[row];
    }
    assertEquals(11 + 2, sum, 1e-5, "seven more were asked for, which count for the average");
  }

  /** Most runs stand still for a while, and then most of those leap. A patient rule has stopped them all before, but for a tenth. */
  @Test
  void fit_biasedHistory_misleadsUnlessCorrected() {
    Stochastic logging = Stochastic.of(new Patience(6), 1 - PROPENSITY, 5);
    List<Run> complete = leaping(6, 60, 1);
    List<WatchedRun> watched = new ArrayList<>();
    List<Run> asIfComplete = new ArrayList<>();
    for (Run run : complete) {
      int point = Replay.of(logging, run).point();
      Run seen = point == run.steps().size() - 1 ? run : cut(run, point + 1);
      watched.add(WatchedRun.of(seen, logging, 50));
      asIfComplete.add(new Run(seen.context(), seen.steps(), End.COMPLETED));
    }
    List<ScoredRun> fresh = ScoredRun.of(leaping(6, 20, 2));
    double truth = loss(ScoredRun.of(complete), fresh);
    double misled = loss(ScoredRun.of(asIfComplete), fresh);
    double corrected = loss(ScoredRun.ofWatched(watched), fresh);
    String all = "complete %.3f, corrected %.3f, as if complete %.3f".formatted(truth, corrected, misled);
    assertTrue(misled > truth + .1, all);
    assertTrue(corrected < truth + .03, all);
  }

  private static double loss(List<ScoredRun> learned, List<ScoredRun> judged) {
    StopPolicy policy = new LearnedRecipe(SMALL).fit(learned, new double[] {.1}).policies().get(0);
    return judged.stream()
        .mapToDouble(run -> run.hindsight().loss(Replay.of(policy, run.run()).point(), .1))
        .average()
        .orElseThrow();
  }

  private static List<Run> leaping(int tasks, int runsPerTask, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Run> runs = new ArrayList<>();
    for (int k = 0; k < tasks; k++) {
      for (int i = 0; i < runsPerTask; i++) {
        double[] values = new double[40];
        boolean leaps = random.nextInt(10) < 7;
        int leap = 18 + random.nextInt(6);
        boolean isSteady = random.nextInt(5) == 0;
        for (int t = 0; t < values.length; t++) {
          double still = .3 * Math.min(1, (t + 1) / 5.0) - (t > 4 ? .01 * random.nextDouble() : 0);
          values[t] = isSteady ? .02 * t : leaps && t >= leap ? .9 : still;
        }
        runs.add(RecordedRuns.of("test/data" + k, "run" + seed + "-" + i, values));
      }
    }
    return runs;
  }
}
