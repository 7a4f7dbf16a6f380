package io.stopcast.datasets.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.family.Draw;
import io.stopcast.datasets.family.RunLog;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.Settings;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFamilyTest {
  private static final List<String> TASKS =
      List.of("cartpole", "cartpole-long-noisy", "gridworld-cliff", "gridworld-keys", "mountain-car-held");

  private final ControlFamily family = new ControlFamily();

  private static Settings tuned(long points) {
    return ControlFamily.tuned(new Draw(new Random(2)))
        .with("learning_rate", 0.01)
        .with("critic_rate", 1.0)
        .with("schedule", "constant")
        .with("hidden_units", 16L)
        .with("episodes_per_point", 8L)
        .with(Settings.POINTS, points);
  }

  private static Settings learner(Settings settings, String name, long episodes, long steps, double decay) {
    return settings
        .with("learner", name)
        .with("batch_episodes", episodes)
        .with("batch_steps", steps)
        .with("trace_decay", decay);
  }

  @Test
  void plans_always_areThirtyOfEachTask() {
    assertEquals(
        TASKS.stream().collect(Collectors.toMap(task -> "control/" + task, task -> 30L)),
        family.plans().stream().collect(Collectors.groupingBy(RunPlan::task, Collectors.counting())));
    assertEquals(family.plans(), new ControlFamily().plans());
    long tuned =
        family.plans().stream().filter(plan -> plan.settings().text(Settings.SAMPLER).equals("tuned")).count();
    assertEquals(15, tuned);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cartpole", "cartpole-long-noisy", "gridworld-cliff", "gridworld-keys", "mountain-car-held"})
  void train_samePlanTwice_givesTheSameRunButForItsTime(String task) {
    for (int seed = 0; seed < 2; seed++) {
      Settings settings = ControlFamily.wide(new Draw(new Random(seed))).with(Settings.POINTS, 4L);
      RunPlan plan = new RunPlan("control/" + task, "001", seed, settings);

      Run first = family.train(plan);
      Run second = family.train(plan);

      assertEquals(first.context(), second.context());
      assertEquals(first.end(), second.end());
      assertEquals(withoutTime(first), withoutTime(second));
      assertArrayEquals(first.labels().get("test_return"), second.labels().get("test_return"));
    }
  }

  private static List<String> withoutTime(Run run) {
    List<String> names =
        run.steps().get(0).names().stream().filter(name -> !name.equals(RunLog.CPU_SECONDS)).toList();
    return run.steps().stream()
        .map(step -> step.cost() + " " + names.stream().map(name -> name + "=" + step.value(name)).toList())
        .toList();
  }

  @Test
  void train_otherSeed_givesOtherNumbers() {
    Settings settings = tuned(3);

    assertNotEquals(
        withoutTime(family.train(new RunPlan("control/cartpole", "001", 1, settings))),
        withoutTime(family.train(new RunPlan("control/cartpole", "001", 2, settings))));
  }

  @ParameterizedTest(name = "{0} by batches of {1} episodes or {2} steps")
  @CsvSource({"reinforce, 4, 0, 1", "actor-critic, 0, 16, 1", "gae, 4, 0, 0.95"})
  void train_goodSettings_balancesFarLongerThanChance(String name, long episodes, long steps, double decay) {
    Settings settings = learner(tuned(30), name, episodes, steps, decay);

    Run run = family.train(new RunPlan("control/cartpole", "001", 1, settings));

    double chance = (Double) run.context().parameters().get("chance");
    double best = run.steps().stream().mapToDouble(step -> step.value("val_return")).max().orElseThrow();
    assertTrue(chance > 10 && chance < 40, "chance balances for " + chance + " steps");
    assertTrue(best > 5 * chance, best + " against " + chance);
    assertEquals(30, run.steps().size());
    assertEquals(240, run.steps().get(29).value("samples"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "momentum", "adam"})
  void train_absurdLearningRate_goesToThePlannedEnd(String optimizer) {
    Settings settings =
        learner(tuned(20), "reinforce", 4, 0, 1)
            .with("optimizer", optimizer)
            .with("learning_rate", 1e200)
            .with("clip", 0.0);

    Run run = family.train(new RunPlan("control/cartpole", "001", 1, settings));

    assertEquals(End.DIVERGED, run.end());
    assertEquals(20, run.steps().size());
    Step last = run.steps().get(19);
    assertTrue(Double.isNaN(last.value("val_return")) && last.reports("val_return"));
    assertTrue(last.cost() > run.steps().get(18).cost());
  }

  @Test
  void train_unknownTask_isRefusedByName() {
    RunPlan plan = new RunPlan("control/chess", "001", 1, tuned(3));

    Exception e = assertThrows(IllegalArgumentException.class, () -> family.train(plan));

    assertEquals("no task of this family is called 'control/chess'", e.getMessage());
  }
}
