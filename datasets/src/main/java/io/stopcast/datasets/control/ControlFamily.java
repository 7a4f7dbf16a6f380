package io.stopcast.datasets.control;

import io.stopcast.datasets.family.Draw;
import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunLog;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.Schedule;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Family E: policy gradients in small worlds, a point after every few episodes. It needs no data. */
public final class ControlFamily implements Family {
  private static final String NAME = "control";
  private static final String CODE_VERSION = "control-1";
  private static final Objective OBJECTIVE = Objective.maximize("val_return");
  private static final int RUNS = 30;
  private static final int TRIALS = 20;
  /** One run in so many is tuned, in every task: by chance alone a task of thirty could be left without any. */
  private static final int RUNS_PER_TUNED = 10;

  private static final List<Task> TASKS =
      List.of(
          new Task("cartpole", CartPole.CLASSIC, true),
          new Task("cartpole-long-noisy", new CartPole(1, 6, 4, 0.1), false),
          new Task("gridworld-cliff", GridWorld.CLIFF, false),
          new Task("gridworld-keys", GridWorld.KEYS, false),
          new Task("mountain-car-held", new MountainCar(), true));

  /**
   * What runs of one task share.
   *
   * @param greedy whether policies are judged by their most likely actions, or by drawn ones
   */
  private record Task(String name, World world, boolean greedy) {
    Trials trials(String purpose) {
      return new Trials(world, greedy, TableFamily.SEED, purpose + "/" + name, TRIALS);
    }
  }

  @Override
  public String letter() {
    return "E";
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String codeVersion() {
    return CODE_VERSION;
  }

  @Override
  public List<RunPlan> plans() {
    List<RunPlan> plans = new ArrayList<>();
    for (Task task : TASKS) {
      String name = NAME + "/" + task.name;
      for (int i = 1; i <= RUNS; i++) {
        String run = "%03d".formatted(i);
        Draw draw = new Draw(Seeds.random(TableFamily.SEED, "plan/" + name + "/" + run));
        Settings settings = i % RUNS_PER_TUNED == 0 ? tuned(draw) : wide(draw);
        int seed = (int) (Seeds.of(TableFamily.SEED, "run/" + name + "/" + run) >>> 33);
        plans.add(new RunPlan(name, run, seed, settings));
      }
    }
    return plans;
  }

  /** Settings that a careful person could have chosen. */
  static Settings tuned(Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(Settings.SAMPLER, "tuned");
    putLearner(settings, draw.pick("reinforce", "actor-critic", "gae", "gae"), 4, draw);
    settings.put("optimizer", "adam");
    settings.put("learning_rate", draw.logUniform(0.003, 0.02));
    settings.put("critic_rate", draw.pick(1.0, 3.0));
    settings.put("schedule", draw.pick(Schedule.CONSTANT, Schedule.COSINE).label());
    settings.put("discount", draw.pick(0.98, 0.99));
    settings.put("entropy_bonus", draw.pick(0.001, 0.003, 0.01));
    settings.put("hidden_units", draw.pick(16L, 32L));
    settings.put("advantages", "normalized");
    settings.put("clip", 1.0);
    settings.put("episodes_per_point", draw.pick(8L, 16L));
    settings.put(Settings.POINTS, draw.pick(80L, 120L, 160L));
    return new Settings(settings);
  }

  static Settings wide(Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(Settings.SAMPLER, "wide");
    long batchEpisodes = draw.pick(1L, 2L, 4L, 8L, 16L);
    putLearner(settings, draw.pick("reinforce", "actor-critic", "gae"), batchEpisodes, draw);
    String optimizer = draw.pick("sgd", "momentum", "adam", "adam");
    settings.put("optimizer", optimizer);
    settings.put("learning_rate", wideRate(optimizer, draw));
    settings.put("critic_rate", draw.logUniform(0.1, 30));
    Schedule schedule = draw.chance(0.6) ? Schedule.CONSTANT : draw.pick(Schedule.STEP, Schedule.COSINE);
    settings.put("schedule", schedule.label());
    settings.put("discount", draw.pick(0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0));
    settings.put("entropy_bonus", draw.chance(0.3) ? 0.0 : draw.logUniform(1e-4, 0.3));
    settings.put("hidden_units", draw.pick(0L, 8L, 16L, 32L));
    settings.put("advantages", draw.pick("normalized", "as they are"));
    settings.put("clip", draw.chance(0.7) ? 0.0 : draw.logUniform(0.05, 5)); // 0 for none
    // Whole batches, so that no point is without an update.
    settings.put("episodes_per_point", Math.max(batchEpisodes, draw.pick(4L, 8L, 16L, 32L)));
    settings.put(Settings.POINTS, draw.pick(40L, 60L, 80L, 100L, 120L, 150L, 200L));
    return new Settings(settings);
  }

  /** Three decades or more around what works: from hardly any learning to policies that are ruined at once. */
  private static double wideRate(String optimizer, Draw draw) {
    switch (optimizer) {
      case "adam":
        return draw.logUniform(3e-4, 0.3);
      case "momentum":
        return draw.logUniform(1e-3, 5); // every gradient counts ten times in all
      default:
        return draw.logUniform(5e-3, 10);
    }
  }

  /** The learner, and what only some learners have; 0 for what it has not. */
  private static void putLearner(Map<String, Object> settings, String learner, long batchEpisodes, Draw draw) {
    boolean inSteps = learner.equals("actor-critic");
    settings.put("learner", learner);
    settings.put("batch_episodes", inSteps ? 0L : batchEpisodes);
    settings.put("batch_steps", inSteps ? draw.pick(1L, 4L, 8L, 16L, 32L) : 0L);
    settings.put("trace_decay", learner.equals("gae") ? draw.pick(0.5, 0.8, 0.9, 0.95, 0.98) : 1.0);
  }

  @Override
  public Run train(RunPlan plan) {
    Task task = task(plan.task());
    Settings settings = plan.settings();
    RunLog log =
        new RunLog(
            OBJECTIVE,
            "test_return",
            List.of(
                OBJECTIVE.metric(),
                "val_success",
                "train_loss",
                "train_return",
                "entropy",
                "learning_rate",
                "grad_norm",
                "samples"));
    train(task, settings, plan.seed(), log);

    Map<String, Object> parameters = new HashMap<>(settings.values());
    int points = settings.whole(Settings.POINTS);
    parameters.remove(Settings.POINTS); // stands beside the context, as the plan
    parameters.put("family", NAME);
    parameters.put("dataset", task.name);
    parameters.put("features", (long) task.world.width());
    parameters.put("actions", (long) task.world.actions());
    parameters.put("longest_episode", (long) task.world.longest());
    parameters.put("judged_by", task.greedy ? "likeliest action" : "drawn action");
    parameters.put("validation_episodes", (long) TRIALS);
    parameters.put("test_episodes", (long) TRIALS);
    parameters.put("chance", task.trials("validation").judgeChance().meanReturn());
    parameters.put("seed", (long) plan.seed());
    parameters.put("code_version", CODE_VERSION);
    return log.toRun(
        new RunContext(
            "stopcast", plan.task(), plan.run(), OBJECTIVE, Horizon.ofPoints(points), "env_steps", parameters));
  }

  private static Task task(String name) {
    return TASKS.stream()
        .filter(task -> name.equals(NAME + "/" + task.name))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no task of this family is called '" + name + "'"));
  }

  private static void train(Task task, Settings settings, int seed, RunLog log) {
    Learner learner = new Learner(task.world, settings, seed);
    Trials validation = task.trials("validation");
    Trials testing = task.trials("test");
    Schedule schedule = Schedule.ofLabel(settings.text("schedule"));
    int points = settings.whole(Settings.POINTS);
    int episodes = settings.whole("episodes_per_point");
    long steps = 0;
    for (int point = 0; point < points; point++) {
      double rate = settings.real("learning_rate") * schedule.factor(point, points);
      Learner.Progress progress = learner.train(episodes, rate);
      steps += progress.steps();
      boolean alive = learner.isFinite();
      Trials.Result result = alive ? validation.judge(learner.policy()) : Trials.Result.UNDEFINED;
      log.point(
          steps,
          alive ? testing.judge(learner.policy()).meanReturn() : Double.NaN,
          result.meanReturn(),
          result.success(),
          progress.meanLoss(),
          progress.meanReturn(),
          progress.meanEntropy(),
          rate,
          progress.meanGradientNorm(),
          (point + 1.0) * episodes);
    }
  }
}
