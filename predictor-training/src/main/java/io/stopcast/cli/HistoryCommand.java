package io.stopcast.cli;

import io.stopcast.history.Curve;
import io.stopcast.history.History;
import io.stopcast.history.TaskId;
import io.stopcast.history.Usability;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a history holds. */
@Command(
    name = "history",
    description = "What is there: sources, tasks, runs, ends, lengths, what is unusable and why.",
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  private static final int TASKS_SHOWN = 40;

  @Mixin private HistoryOptions history;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Option(names = "--all", description = "List every task, not only the first " + TASKS_SHOWN + ".")
  private boolean all;

  @Option(
      names = "--sql",
      paramLabel = "QUERY",
      description = {
        "Ask a store, given by --history, in DuckDB's SQL. Views: runs (a row a run: source, task, run, objective, goal, end, planned,",
        "context, started, origin, exempt_step, exempt_propensity ...) and points (a row a value: source, task, run, metric, step, value)."
      })
  private String sql;

  /** What is known of the runs of one task. */
  private static final class Summary {
    final Map<End, Integer> ends = new EnumMap<>(End.class);
    final Map<Usability, Integer> usable = new EnumMap<>(Usability.class);
    final List<Integer> lengths = new ArrayList<>();
    int horizonKnown;
    int exempt;

    void add(Run run) {
      ends.merge(run.end(), 1, Integer::sum);
      usable.merge(Usability.of(run), 1, Integer::sum);
      lengths.add(Curve.of(run).length());
      horizonKnown += run.context().horizon().isKnown() ? 1 : 0;
      exempt += run.exemption().isPresent() ? 1 : 0;
    }

    int runs() {
      return lengths.size();
    }

    int scored() {
      return usable.getOrDefault(Usability.SCORED, 0);
    }

    int length(double quantile) {
      return lengths.stream().sorted().skip((long) (quantile * (lengths.size() - 1))).findFirst().orElse(0);
    }

    Map<String, Object> asMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("runs", runs());
      map.put("scored", scored());
      map.put("horizon_known", horizonKnown);
      map.put("points_min", length(0));
      map.put("points_median", length(0.5));
      map.put("points_max", length(1));
      map.put("ends", lowerCase(ends));
      map.put("unusable", unusable());
      return map;
    }

    Map<String, Integer> unusable() {
      Map<String, Integer> reasons = new LinkedHashMap<>();
      usable.forEach(
          (usability, count) -> {
            if (usability != Usability.SCORED) {
              reasons.put(usability.reason(), count);
            }
          });
      return reasons;
    }
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (sql != null) {
      new StoreQuery(history.store(), sql).print(out, json.isOn());
      return Stopcast.OK;
    }
    History read = history.read(spec.commandLine().getErr());
    Map<String, Summary> sources = new TreeMap<>();
    Map<TaskId, Summary> tasks = new TreeMap<>();
    Summary total = new Summary();
    for (Run run : read.runs()) {
      sources.computeIfAbsent(run.context().source(), s -> new Summary()).add(run);
      tasks.computeIfAbsent(TaskId.of(run), t -> new Summary()).add(run);
      total.add(run);
    }
    if (json.isOn()) {
      JsonOption.print(out, asMap(read, sources, tasks, total));
    } else {
      print(out, read, sources, tasks, total);
    }
    return Stopcast.OK;
  }

  private static Map<String, Object> asMap(
      History read, Map<String, Summary> sources, Map<TaskId, Summary> tasks, Summary total) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("runs", total.runs());
    map.put("tasks", tasks.size());
    map.put("sources", sources.size());
    map.put("scored", total.scored());
    map.put("points", total.lengths.stream().mapToLong(Integer::longValue).sum());
    map.put("ends", lowerCase(total.ends));
    map.put("unusable", total.unusable());
    map.put("exempt", total.exempt);
    map.put("skipped", read.skipped());
    map.put("history_sha256", read.sha256());
    Map<String, Object> bySource = new LinkedHashMap<>();
    sources.forEach((source, summary) -> bySource.put(source, summary.asMap()));
    map.put("by_source", bySource);
    List<Object> byTask = new ArrayList<>();
    tasks.forEach(
        (task, summary) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("source", task.source());
          row.put("task", task.task());
          row.putAll(summary.asMap());
          byTask.add(row);
        });
    map.put("by_task", byTask);
    return map;
  }

  private void print(
      PrintWriter out, History read, Map<String, Summary> sources, Map<TaskId, Summary> tasks, Summary total) {
    line(out, "%-24s %7s %7s %8s %22s %8s  %s", "source", "runs", "tasks", "scored", "points min/median/max", "horizon", "ends");
    sources.forEach(
        (source, summary) ->
            row(
                out,
                Printable.of(source),
                summary,
                (int) tasks.keySet().stream().filter(t -> t.source().equals(source)).count()));
    row(out, "all", total, tasks.size());
    line(out, "");
    line(out, "%-72s %7s %8s %22s", "task", "runs", "scored", "points min/median/max");
    int shown = 0;
    for (Map.Entry<TaskId, Summary> task : tasks.entrySet()) {
      if (!all && shown++ == TASKS_SHOWN) {
        line(out, "... %d more tasks; --all lists them", tasks.size() - TASKS_SHOWN);
        break;
      }
      Summary s = task.getValue();
      line(out, "%-72s %7d %8d %22s", Printable.of(task.getKey().task()), s.runs(), s.scored(), lengths(s));
    }
    line(out, "");
    if (total.unusable().isEmpty()) {
      line(out, "All runs can be scored.");
    }
    total.unusable().forEach((reason, count) -> line(out, "%d runs cannot be scored: %s", count, reason));
    if (total.exempt > 0) {
      line(out, "%d runs are exempt: a policy would have stopped them, and a draw let them go on", total.exempt);
    }
    if (!read.skipped().isEmpty()) {
      line(out, "%d lines or files were skipped, see above", read.skipped().size());
    }
  }

  private static void row(PrintWriter out, String name, Summary s, int tasks) {
    line(
        out,
        "%-24s %7d %7d %8d %22s %7.0f%%  %s",
        name,
        s.runs(),
        tasks,
        s.scored(),
        lengths(s),
        100.0 * s.horizonKnown / s.runs(),
        lowerCase(s.ends));
  }

  private static String lengths(Summary s) {
    return "%d / %d / %d".formatted(s.length(0), s.length(0.5), s.length(1));
  }

  private static Map<String, Integer> lowerCase(Map<End, Integer> ends) {
    Map<String, Integer> words = new LinkedHashMap<>();
    ends.forEach((end, count) -> words.put(end.word(), count));
    return words;
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
