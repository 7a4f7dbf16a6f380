package io.stopcast.replay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which runs are the same training: one run that appears in several tasks, or one configuration run again.
 *
 * <p>Two runs of a source belong together if the contexts name the same {@code model}, or if the runs have the same name,
 * or if their contexts are the same but for what is called a seed and when they {@code started}.
 */
public final class Configurations {
  private final Map<ScoredRun, String> groups = new HashMap<>();
  private final Map<String, String> parents = new HashMap<>();

  /** The configurations of these runs. */
  public Configurations(List<ScoredRun> runs) {
    this(runs, false);
  }

  /**
   * The same, but that runs of several tasks with nothing in common but their name, which may be a mere number, are not the same
   * training. For counting what is independent; to keep apart what must not be seen, the other way is the safe one.
   */
  public static Configurations bySettings(List<ScoredRun> runs) {
    return new Configurations(runs, true);
  }

  private Configurations(List<ScoredRun> runs, boolean namesAreOfTasks) {
    for (ScoredRun run : runs) {
      Map<String, Object> parameters = run.run().context().parameters();
      String source = run.task().source() + '\n';
      String task = namesAreOfTasks ? "task " + run.task().task() + '\n' : "";
      String name = source + task + "run " + run.run().context().run();
      Object model = parameters.get("model");
      if (model != null) {
        name = source + "model " + model;
      }
      Map<String, Object> settings = new TreeMap<>(parameters);
      settings.keySet().removeIf(key -> key.contains("seed") || key.equals("started"));
      if (!settings.isEmpty()) {
        join(name, source + "settings " + settings);
      }
      groups.put(run, name);
    }
    groups.replaceAll((run, name) -> root(name));
  }

  /** What all runs of the run's configuration share, and no others. */
  public String of(ScoredRun run) {
    return groups.get(run);
  }

  private void join(String a, String b) {
    String x = root(a);
    String y = root(b);
    if (!x.equals(y)) {
      // The smaller name leads, whatever the order of the runs.
      parents.put(x.compareTo(y) < 0 ? y : x, x.compareTo(y) < 0 ? x : y);
    }
  }

  private String root(String name) {
    String parent = parents.get(name);
    while (parent != null) {
      name = parent;
      parent = parents.get(name);
    }
    return name;
  }
}
