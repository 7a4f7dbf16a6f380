package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Draw;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.Schedule;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws the plans of the deep families. */
final class Plans {
  private static final double TUNED_SHARE = 0.1;

  /** Draws what is a family's own. */
  @FunctionalInterface
  interface Sampler {
    /** Completes the settings of a run on the named task. */
    void sample(String task, boolean tuned, Draw draw, Map<String, Object> settings);
  }

  private Plans() {}

  /** As many runs for each task. */
  static List<RunPlan> of(String family, List<String> tasks, int runs, Sampler sampler) {
    List<RunPlan> plans = new ArrayList<>();
    for (String name : tasks) {
      String task = family + "/" + name;
      for (int i = 1; i <= runs; i++) {
        String run = "%03d".formatted(i);
        Draw draw = new Draw(Seeds.random(TableFamily.SEED, "plan/" + task + "/" + run));
        boolean tuned = draw.chance(TUNED_SHARE);
        Map<String, Object> settings = tuned ? tuned(draw) : wide(draw);
        sampler.sample(name, tuned, draw, settings);
        settings.put(Settings.SAMPLER, tuned ? "tuned" : "wide");
        int seed = (int) (Seeds.of(TableFamily.SEED, "run/" + task + "/" + run) >>> 33);
        plans.add(new RunPlan(task, run, seed, new Settings(settings)));
      }
    }
    return plans;
  }

  /** Optimisation as a careful person might choose it. */
  private static Map<String, Object> tuned(Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("optimizer", draw.pick("adam", "adamw"));
    settings.put(Course.LEARNING_RATE, draw.logUniform(0.002, 0.006));
    settings.put(Course.SCHEDULE, draw.pick(Schedule.CONSTANT, Schedule.COSINE).label());
    settings.put(Course.WARMUP, 0.05);
    settings.put("weight_decay", draw.pick(0.0, 1e-4));
    settings.put("clip", 1.0);
    settings.put(Settings.LABEL_NOISE, 0.0);
    return settings;
  }

  /** Optimisation of every kind; adaptive more often, as most such runs are and the others rarely learn. */
  private static Map<String, Object> wide(Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    String optimizer = draw.pick("sgd", "momentum", "adam", "adam", "adam", "adamw", "adamw", "adamw");
    settings.put("optimizer", optimizer);
    settings.put(
        Course.LEARNING_RATE, optimizer.startsWith("adam") ? draw.logUniform(1e-4, 0.1) : draw.logUniform(1e-3, 3));
    Schedule schedule = draw.chance(0.5) ? Schedule.CONSTANT : draw.pick(Schedule.STEP, Schedule.COSINE);
    settings.put(Course.SCHEDULE, schedule.label());
    settings.put(Course.WARMUP, draw.pick(0.0, 0.02, 0.05, 0.1));
    settings.put("weight_decay", draw.chance(0.5) ? 0.0 : draw.logUniform(1e-5, optimizer.equals("adamw") ? 1 : 0.01));
    settings.put("clip", draw.pick(0.0, 0.5, 1.0, 5.0));
    settings.put(Settings.LABEL_NOISE, draw.chance(0.6) ? 0.0 : draw.uniform(0, 0.4));
    return settings;
  }
}
