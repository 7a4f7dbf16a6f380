package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.history.History;
import io.stopcast.live.DecisionLog;
import io.stopcast.live.GuardedWatch;
import io.stopcast.live.Watcher;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.Replay;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Stop;
import io.stopcast.run.End;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shadow runs of the shipped model, from the watch to the scores. */
class ShadowTest {
  private static final Path MODEL = Path.of("..", "models", "versions", "0001", "model.onnx");
  private static final Path CURVES = Path.of("..", "datasets", "grokking.jsonl.gz");
  private static final double PRICE = .3;

  @TempDir private Path folder;

  private record Answer(int exit, String out, String err) {}

  private static Answer evaluate(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("evaluate", "--shadow"));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    int exit =
        Stopcast.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }

  private static JsonNode json(Answer answer) throws IOException {
    return new ObjectMapper().readTree(answer.out);
  }

  private Path log(List<String> lines) throws IOException {
    return Files.write(folder.resolve("decisions.jsonl"), lines);
  }

  private static void watch(Watcher watcher, ScoredRun run, DecisionLog log, End end) {
    GuardedWatch watch = watcher.watch(run.run().context(), log);
    run.run().steps().forEach(watch::observe);
    watch.close(end);
  }

  private static List<ScoredRun> runs() throws IOException {
    List<ScoredRun> runs = ScoredRun.of(History.read(List.of(CURVES), History.Options.STRICT).runs());
    return ScoredRun.of(runs.subList(0, 40).stream().map(ScoredRun::run).toList());
  }

  @Test
  void shadow_shippedRuns_scoresAsReplay() throws Exception {
    List<String> lines = new ArrayList<>();
    List<ScoredRun> runs = runs();
    try (Watcher watcher = Watcher.of(MODEL, PRICE)) {
      runs.forEach(run -> watch(watcher, run, DecisionLog.shadow(lines::add), End.COMPLETED));
    }
    JsonNode scored = json(evaluate(log(lines), "--json"));

    LearnedPolicy policy = LearnedPolicy.of(ModelFile.read(MODEL), PRICE);
    int stopped = 0;
    double saved = 0;
    double regret = 0;
    for (int i = 0; i < runs.size(); i++) {
      ScoredRun run = runs.get(i);
      Stop stop = Replay.of(policy, run.run());
      JsonNode row = scored.get("by_run").get(i);
      assertEquals(run.run().context().run(), row.get("run").asText());
      assertEquals(stop.point() + 1, row.get("stop_index").asInt(), row.toString());
      assertEquals(stop.stopped(), row.get("stopped").asBoolean(), row.toString());
      assertEquals(run.hindsight().regret()[stop.point()], row.get("regret").asDouble(), row.toString());
      assertEquals(1 - run.hindsight().share()[stop.point()], row.get("saved").asDouble(), row.toString());
      assertEquals(
          run.curve().finalBest() - run.curve().best()[stop.point()], row.get("lost").asDouble(), row.toString());
      stopped += stop.stopped() ? 1 : 0;
      saved += row.get("saved").asDouble() / runs.size();
      regret += row.get("regret").asDouble() / runs.size();
    }
    assertTrue(stopped > 5 && stopped < runs.size(), stopped + " stopped");
    assertEquals(stopped, scored.get("stopped").asInt());
    assertEquals(saved, scored.get("saved").asDouble(), 1e-12);
    assertEquals(regret, scored.get("regret").asDouble(), 1e-12);
  }

  @Test
  void shadow_otherRuns_areLeftOutAndCounted() throws Exception {
    List<String> lines = new ArrayList<>();
    List<ScoredRun> runs = runs();
    try (Watcher watcher = Watcher.of(MODEL, PRICE)) {
      watch(watcher, runs.get(0), DecisionLog.shadow(lines::add), End.COMPLETED);
      watch(watcher, runs.get(1), DecisionLog.acting(lines::add), End.EARLY_STOPPED);
      watch(watcher, runs.get(2), DecisionLog.shadow(lines::add), End.ABORTED);
      watch(watcher, runs.get(3), new DecisionLog(lines::add, true, 2), End.COMPLETED);
      int lost = lines.size() + 2;
      watch(watcher, runs.get(4), DecisionLog.shadow(lines::add), End.COMPLETED);
      lines.remove(lost);
      watch(watcher, runs.get(5), DecisionLog.shadow(lines::add), End.COMPLETED);
      lines.set(lines.size() - 1, lines.get(lines.size() - 1).substring(0, 20));
    }
    Answer answer = evaluate(log(lines), "--json");
    assertEquals(0, answer.exit, answer.err);
    assertTrue(answer.err.contains("line " + lines.size() + " is no JSON"), answer.err);
    JsonNode scored = json(answer);
    assertEquals(1, scored.get("runs").asInt());
    assertEquals(1, scored.get("acting").asInt());
    assertEquals(2, scored.get("unfinished").asInt());
    assertEquals(2, scored.get("incomplete").asInt());
    assertEquals(1, scored.get("unreadable_lines").asInt());
    String table = evaluate(log(lines)).out;
    assertTrue(table.contains("left out: 1 runs that were acted upon, 2 that did not end by themselves, 2 whose"), table);
  }

  @Test
  void shadow_resumedRun_isOneRun() throws Exception {
    ScoredRun run = runs().get(0);
    RunContext context = run.run().context();
    List<Step> steps = run.run().steps();
    List<String> whole = new ArrayList<>();
    List<String> resumed = new ArrayList<>();
    try (Watcher watcher = Watcher.of(MODEL, PRICE)) {
      watch(watcher, run, DecisionLog.shadow(whole::add), End.COMPLETED);
      GuardedWatch first = watcher.watch(context, DecisionLog.shadow(resumed::add));
      int crash = steps.size() / 2;
      steps.subList(0, crash).forEach(first::observe);
      byte[] snapshot = first.snapshot();
      steps.subList(crash, crash + 2).forEach(first::observe); // after the snapshot, and so again
      GuardedWatch second = watcher.resume(context, snapshot, DecisionLog.shadow(resumed::add));
      steps.subList(crash, steps.size()).forEach(second::observe);
      second.close(End.COMPLETED);
      first.close();
      resumed.remove(resumed.size() - 1); // a process that died wrote no end
    }
    assertEquals(json(evaluate(log(whole), "--json")), json(evaluate(log(resumed), "--json")));
  }

  @Test
  void shadow_noLog_isBadData() throws IOException {
    assertEquals(4, evaluate(folder.resolve("nowhere")).exit);
    assertEquals(4, evaluate(log(List.of())).exit);
    Answer answer = evaluate(log(List.of("{\"step\":1}")));
    assertEquals(4, answer.exit);
    assertTrue(answer.err.contains("line 1: no line of a decision log: it needs \"run\" with a text"), answer.err);
  }
}
