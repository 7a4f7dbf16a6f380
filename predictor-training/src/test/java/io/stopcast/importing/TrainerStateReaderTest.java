package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerStateReaderTest {
  private static final String STATE =
      """
      {"best_global_step": 20, "best_metric": 0.75, "epoch": 1.0, "eval_steps": 10, "global_step": %d,
       "log_history": [
        {"epoch": 0.5, "learning_rate": 5e-05, "loss": NaN, "step": 10},
        {"epoch": 0.5, "eval_f1": 0.5, "eval_loss": 0.9, "step": 10},
        {"epoch": 1.0, "loss": 1.5, "step": 20},
        {"epoch": 1.0, "eval_f1": 0.75, "eval_loss": Infinity, "step": 20}%s
       ],
       "max_steps": 40, "num_input_tokens_seen": %d, "num_train_epochs": 2, "total_flos": 4000.0, "train_batch_size": 8,
       "trial_name": null, "trial_params": {"lr": 0.1, "opt": {"name": "adam"}}}
      """;

  private final LogReader reader = new TrainerStateReader();
  @TempDir Path temp;
  private Path output;

  @BeforeEach
  void makeFolder() throws IOException {
    output = Files.createDirectories(temp.resolve("glue/out/mrpc"));
  }

  private Path write(String folder, String state) throws IOException {
    return Files.writeString(Files.createDirectories(output.resolve(folder)).resolve("trainer_state.json"), state);
  }

  @Test
  void read_logHistory_keepsStepsAndValues() throws IOException {
    CollectedLogs logs = CollectedLogs.of(reader, write("", STATE.formatted(20, "", 0)));
    assertEquals(List.of("glue | out/mrpc"), List.copyOf(logs.runs.keySet()));
    CollectedLogs.Collected run = logs.only();
    assertEquals(List.of("10=NaN", "20=1.5"), run.curve("loss"));
    assertEquals(List.of("10=0.9", "20=Infinity"), run.curve("eval_loss"));
    assertEquals(List.of("10=0.5", "20=0.75"), run.curve("eval_f1"));
    assertEquals(List.of("10=5.0E-5"), run.curve("learning_rate"));
    assertEquals(LoggedRun.NO_TIME, run.values.get(0).millis());
    assertEquals(40, run.planned);
    assertEquals("eval_f1 MAXIMIZE", run.objective);
    assertEquals(Map.of("num_train_epochs", 2L, "train_batch_size", 8L, "lr", 0.1, "opt.name", "adam"), run.parameters);
    assertFalse(run.metrics().contains("epoch"));
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_totalsOnly_spreadsTheCostOverTheSteps() throws IOException {
    CollectedLogs.Collected flos = CollectedLogs.of(reader, write("", STATE.formatted(20, "", 0))).only();
    assertEquals("total_flos in flos", flos.cost);
    assertEquals(List.of("10=2000.0", "20=4000.0"), flos.curve("total_flos"));
    CollectedLogs.Collected tokens = CollectedLogs.of(reader, write("", STATE.formatted(20, "", 600))).only();
    assertEquals("num_input_tokens_seen in tokens", tokens.cost);
    assertEquals(List.of("10=300.0", "20=600.0"), tokens.curve("num_input_tokens_seen"));
  }

  @Test
  void read_tokensInEveryEntry_areTheCost() throws IOException {
    String state =
        """
        {"global_step": 2, "log_history": [{"step": 1, "loss": 2, "num_input_tokens_seen": 70}, {"step": 2, "loss": 1,
        "num_input_tokens_seen": 100}], "num_input_tokens_seen": 100}""";
    CollectedLogs.Collected run = CollectedLogs.of(reader, write("", state)).only();
    assertEquals("num_input_tokens_seen in tokens", run.cost);
    assertEquals(List.of("1=70.0", "2=100.0"), run.curve("num_input_tokens_seen"));
  }

  @Test
  void read_end_tellsCheckpointPlannedEndAndEarlyStop() throws IOException {
    String summary = ", {\"step\": 20, \"train_runtime\": 3.5, \"train_loss\": 1.0, \"total_flos\": 4000.0}";
    assertEquals(End.TRUNCATED, end(STATE.formatted(20, "", 0)));
    assertEquals(End.EARLY_STOPPED, end(STATE.formatted(20, summary, 0)));
    assertEquals(End.COMPLETED, end(STATE.formatted(40, summary, 0)));
  }

  private End end(String state) throws IOException {
    return CollectedLogs.of(reader, write("", state)).only().end;
  }

  @Test
  void read_severalCheckpoints_takesTheOneOfTheLargestStep() throws IOException {
    write("checkpoint-9", STATE.formatted(9, "", 0));
    write("checkpoint-30", STATE.formatted(30, ", {\"step\": 30, \"loss\": 1.25}", 0));
    write("checkpoint-20", STATE.formatted(20, "", 0));
    LogPlace place = LogPlace.of(output);
    assertTrue(reader.recognizes(place));
    assertTrue(reader.readsAlong(place, output.resolve("checkpoint-9")));
    assertTrue(reader.readsAlong(place, output.resolve("checkpoint-9/trainer_state.json")));
    assertFalse(reader.readsAlong(place, output.resolve("other/trainer_state.json")));
    CollectedLogs logs = CollectedLogs.of(reader, output);
    assertEquals(List.of("glue | out/mrpc"), List.copyOf(logs.runs.keySet()));
    assertEquals(List.of("10=NaN", "20=1.5", "30=1.25"), logs.only().curve("loss"));
  }

  @Test
  void read_lastCheckpointCutOff_takesTheOneBefore() throws IOException {
    write("checkpoint-10", STATE.formatted(10, "", 0));
    String cut = STATE.formatted(30, "", 0);
    Path broken = write("checkpoint-30", cut.substring(0, cut.indexOf("max_steps")));
    CollectedLogs logs = CollectedLogs.of(reader, output);
    assertEquals(List.of("10=NaN", "20=1.5"), logs.only().curve("loss"));
    assertEquals(1, logs.skipped.size());
    assertTrue(logs.skipped.get(0).startsWith(broken + ": " + broken + ": not JSON at line "), logs.skipped.get(0));
  }

  @Test
  void read_aCheckpointAlone_isNamedAsTheFolderAbove() throws IOException {
    Path file = write("checkpoint-10", STATE.formatted(10, "", 0));
    assertTrue(reader.recognizes(LogPlace.of(file)));
    assertEquals(List.of("glue | out/mrpc"), List.copyOf(CollectedLogs.of(reader, file).runs.keySet()));
  }

  @Test
  void read_brokenEntries_areLeftOutAndTold() throws IOException {
    String state = "{\"global_step\": 3, \"log_history\": [7, {\"loss\": 1}, {\"step\": 1, \"loss\": 1e999}, {\"step\": 2, \"loss\": 2}]}";
    Path file = write("", state);
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(List.of("2=2.0"), logs.only().curve("loss"));
    assertEquals(
        List.of(
            file + " entry 1 of log_history: expected a JSON object; it was left out",
            file + " entry 2 of log_history: an entry without a whole step; it was left out",
            file + " entry 3 of log_history: a number that is too large: 1e999"),
        logs.skipped);
  }

  @Test
  void read_tooDeep_isRefused() throws IOException {
    Path file = write("", "{\"global_step\": 3, \"x\": " + "[".repeat(100) + "]".repeat(100) + ", \"log_history\": []}");
    ImportException refusal = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertTrue(refusal.getMessage().contains("more than is allowed at line 1"), refusal.getMessage());
  }

  @Test
  void read_aKeyTwice_isTold() throws IOException {
    Path file = write("", "{\"global_step\": 3, \"log_history\": [{\"step\": 1, \"loss\": 1, \"loss\": 2}]}");
    CollectedLogs logs = CollectedLogs.of(reader, file);
    assertEquals(List.of("1=1.0"), logs.only().curve("loss"));
    assertEquals(List.of(file + " entry 1 of log_history: 'loss' comes twice; the first one was taken"), logs.skipped);
    write("", "{\"global_step\": 3, \"log_history\": [], \"log_history\": []}");
    assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    byte[] valid = STATE.formatted(20, ", {\"step\": 20, \"train_runtime\": 3.5}", 600).getBytes(StandardCharsets.UTF_8);
    Path file = write("checkpoint-20", "");
    ReaderFuzz.run(reader, output, file, List.of(valid), bytes -> bytes);
    ReaderFuzz.run(reader, file, List.of(valid));
  }
}
