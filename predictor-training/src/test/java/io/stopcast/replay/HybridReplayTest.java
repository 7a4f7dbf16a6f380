package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.History;
import io.stopcast.policy.OutOfFront;
import io.stopcast.policy.ParetoFront;
import io.stopcast.policy.Patience;
import io.stopcast.policy.Reach;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Several signals of shipped runs at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HybridReplayTest {
  private static final Objective RETURN = Objective.maximize("val_return");

  private List<Run> runs;

  @BeforeAll
  void readShippedRuns() throws IOException {
    List<Path> files = List.of(Path.of("..", "datasets", "control.jsonl.gz"));
    runs =
        History.read(files, History.Options.STRICT).runs().stream()
            .filter(run -> run.context().objective().equals(RETURN) && run.end().isScored())
            .toList();
  }

  @Test
  void of_hybrid_stopsWhereTheCombinedCurveDoes() {
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(RETURN, Objective.maximize("val_success")), 0.01, 1);
    StopPolicy rule = new Patience(5);
    int others = 0;
    for (Run run : runs) {
      hybrid.requireReportedBy(run);
      List<Step> combined =
          run.steps().stream().map(step -> Step.of(step.index(), step.cost(), "combined", hybrid.value(step))).toList();
      Run alone = new Run(run.context().withObjective(Objective.maximize("combined")), combined, run.end());
      assertEquals(Replay.of(rule, alone).point(), Replay.of(rule.on(hybrid), run).point());
      others += Replay.of(rule, run).point() != Replay.of(rule.on(hybrid), run).point() ? 1 : 0;
    }
    assertTrue(runs.size() > 100 && others > 0, others + " of " + runs.size());
  }

  /** The more a point of cost is worth, the sooner a run has had its best. */
  @Test
  void of_costWeighedMore_stopsSooner() {
    double shares = 0;
    for (double beta : new double[] {100, 10, 1, 0}) {
      StopPolicy policy = new Patience(5).on(HybridObjective.minusLogCost(RETURN, beta));
      double share = ScoredRun.of(runs).stream().mapToDouble(r -> r.hindsight().share()[Replay.of(policy, r.run()).point()]).sum();
      assertTrue(share >= shares, "beta " + beta + ": " + share + " after " + shares);
      shares = share;
    }
  }

  /** Each run against the front of those before it in the history. */
  @Test
  void of_outOfFront_neverStopsWhatWouldHaveEntered() {
    ParetoFront front = ParetoFront.of(RETURN, Objective.minimize("cost"));
    String task = "";
    int stopped = 0;
    for (Run run : runs) {
      if (!task.equals(run.context().task())) {
        task = run.context().task();
        front = ParetoFront.of(RETURN, Objective.minimize("cost"));
      }
      ParetoFront before = front;
      double most = run.steps().stream().mapToDouble(RETURN::gain).filter(Double::isFinite).max().orElse(0); // a bound that holds
      Stop stop = Replay.of(new OutOfFront(before, Reach.upTo(most), Reach.spent()), run);
      stopped += stop.stopped() ? 1 : 0;
      for (int i = 0; i < run.steps().size(); i++) {
        double value = run.steps().get(i).value("val_return");
        double cost = run.steps().get(i).cost();
        assertTrue(i <= stop.point() || !before.admits(value, cost), run.context().run() + " at " + i);
        front = Double.isNaN(value) ? front : front.with(value, cost);
      }
    }
    assertTrue(stopped > runs.size() / 4, stopped + " of " + runs.size());
  }
}
