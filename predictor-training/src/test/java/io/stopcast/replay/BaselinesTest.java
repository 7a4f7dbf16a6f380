package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final int LENGTH = 300;

  @Test
  void families_inTheOrderOfTheProtocol() {
    assertEquals(
        List.of(
            "fixed share", "patience", "patience as share", "Prechelt GL", "Prechelt PQ", "Prechelt UP",
            "moving average", "relative drop", "IncToDec", "power law"),
        Baselines.families().stream().map(Family::name).toList());
    assertEquals(Baselines.families(), Baselines.families());
  }

  @Test
  void families_startWithNeverAndRepeatNothing() {
    Set<String> names = new HashSet<>();
    int rules = 0;
    for (Family family : Baselines.families()) {
      assertSame(StopPolicy.NEVER, family.settings().get(0), family.name());
      for (StopPolicy rule : family.settings().subList(1, family.settings().size())) {
        assertTrue(names.add(rule.toString()), rule + " is there twice");
        rules++;
      }
    }
    assertTrue(rules >= 170 && rules <= 250, rules + " rules");
  }

  /** Settings that always decide the same would tune nothing. */
  @Test
  void families_onVariedRuns_spreadTheirStops() {
    for (Family family : Baselines.families()) {
      Set<List<Integer>> different = new HashSet<>();
      Set<Integer> stops = new TreeSet<>();
      for (StopPolicy policy : family.settings()) {
        List<Integer> row = new Random(7).ints(60).mapToObj(seed -> stopOf(policy, seed)).toList();
        different.add(row);
        stops.addAll(row);
      }
      assertTrue(
          different.size() >= 0.8 * family.settings().size(),
          family.name() + ": " + different.size() + " of " + family.settings().size() + " differ");
      assertTrue(stops.size() >= 12, family.name() + " stops only at " + stops);
    }
  }

  /** Rises, then stays or falls, slowly or fast; noisy or smooth. */
  private static int stopOf(StopPolicy policy, int seed) {
    Random random = new Random(seed);
    double noise = random.nextInt(3) * 0.02;
    double speed = 3 + random.nextInt(60);
    double turn = random.nextBoolean() ? random.nextInt(LENGTH) : LENGTH;
    double fall = 1 + random.nextInt(30);
    RunContext run = RunContext.of(Objective.maximize("em")).withHorizon(Horizon.ofPoints(LENGTH));
    StopPolicy.Watch watch = policy.watch(run);
    for (int i = 1; i <= LENGTH; i++) {
      double value = 1.2 - Math.exp(-i / speed) - fall * Math.max(0, i - turn) / LENGTH + noise * random.nextGaussian();
      if (watch.observe(Step.of(i, i, "em", value)).isStop()) {
        return i;
      }
    }
    return 0;
  }
}
