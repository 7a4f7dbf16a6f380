package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Importing, and asking the store, from arguments to exit codes. */
class ImportCommandTest {
  /** What a command answered. */
  private record Answer(int exit, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  @TempDir Path temp;
  private Path logs;
  private Path store;

  @BeforeEach
  void write() throws IOException {
    logs = Files.createDirectories(temp.resolve("exp"));
    store = temp.resolve("store");
    Files.writeString(logs.resolve("a.csv"), "step,val_loss,train_loss\n1,3,nan\n2,2,1\n");
    Files.writeString(logs.resolve("b.csv"), "step,val_loss\n1,5\n2,inf\n");
  }

  private static Answer run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Stopcast.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = line.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }

  @Test
  void import_goodLogs_tellsWhatWentIn() {
    Answer answer = run("import", logs, "--into", store);
    assertEquals(0, answer.exit, answer.err);
    assertTrue(answer.out.contains("2 runs of 1 tasks read from 2 places: 2 new, 0 replaced, 0 as they were"), answer.out);
    assertTrue(answer.out.contains("val_loss:min (guessed); {unknown=2}"), answer.out);
    assertTrue(answer.out.contains("warning: no run tells how long it was planned to be"), answer.out);
    assertTrue(answer.out.contains("use it with --history " + store), answer.out);
    Answer again = run("import", logs, "--into", store);
    assertEquals(0, again.exit, again.err);
    assertTrue(again.out.contains("0 new, 0 replaced, 2 as they were"), again.out);
    assertTrue(again.out.contains("nothing is new: " + store + " stays as it is"), again.out);
  }

  @Test
  void import_asJson_isJson() throws IOException {
    Files.writeString(logs.resolve("odd\u202e.txt"), "nothing");
    JsonNode report = run("import", logs, "--into", store, "--json").json();
    assertEquals(2, report.get("runs").asInt());
    assertEquals(2, report.get("new").asInt());
    assertFalse(report.get("incomplete").asBoolean());
    assertTrue(Files.exists(Path.of(report.get("written").asText())));
    assertEquals("val_loss:min", report.get("tasks").get(0).get("objective").asText());
    assertEquals(4, report.get("places").get(0).get("values").asInt());
    assertTrue(report.get("places").get(0).get("fault").isNull());
    assertEquals(1, report.get("unknown").size());
  }

  @Test
  void import_somethingLeftOut_answersBadDataAndKeepsTheRest() throws IOException {
    Files.writeString(logs.resolve("c.csv"), "step,val_loss\n1,3\nwhat,2\n");
    Answer answer = run("import", logs, "--into", store);
    assertEquals(4, answer.exit);
    assertTrue(answer.out.contains("left out: "), answer.out);
    assertTrue(answer.out.contains("3 new"), answer.out);
    assertTrue(run("import", logs, "--into", store, "--json").out.contains("\"incomplete\" : true"));
  }

  @Test
  void import_dryRun_writesNothing() {
    Answer answer = run("import", logs, "--into", store, "--dry-run");
    assertEquals(0, answer.exit, answer.err);
    assertTrue(answer.out.contains("a dry run: nothing was written"), answer.out);
    assertFalse(Files.exists(store));
  }

  @Test
  void import_wishes_areHeeded() throws IOException {
    Answer answer =
        run("import", logs, "--into", store, "--objective", "train_loss:max", "--source", "mine", "--end", "completed", "--since", "2001-01-01");
    assertEquals(0, answer.exit, answer.err);
    Answer asked = run("history", "--history", store, "--json", "--sql", "SELECT DISTINCT source, objective, goal, \"end\" FROM runs");
    assertEquals("[{\"source\":\"mine\",\"objective\":\"train_loss\",\"goal\":\"max\",\"end\":\"completed\"}]", asked.json().get("rows").toString());
    assertTrue(run("import", logs, "--into", store, "--since", "last").out.contains("was left alone"));
  }

  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --duplicates | second   | 2 | --duplicates is last, first or purge
          --end        | happily  | 2 | --end needs the way that runs ended
          --since      | tomorrow | 2 | --since is 'last', or a date
          --objective  | loss     | 2 | --objective needs a metric and a goal
          --format     | punched  | 4 | there is no format 'punched'; there are [recording,
          --format     | wandb    | 4 | is a log that any reader knows
          """)
  void import_wrongWishes_areRefused(String option, String value, int exit, String message) {
    Answer answer = run("import", logs, "--into", store, option, value);
    assertEquals(exit, answer.exit, answer.out);
    assertTrue(answer.err.contains(message), answer.err);
    assertFalse(Files.exists(store));
  }

  @Test
  void import_intoAPattern_isRefused() {
    Answer answer = run("import", logs, "--into", temp.resolve("a*b"));
    assertEquals(4, answer.exit);
    assertTrue(answer.err.contains("choose another folder"), answer.err);
  }

  @Test
  void import_noSuchPath_answersBadData() {
    Answer answer = run("import", temp.resolve("none"), "--into", store);
    assertEquals(4, answer.exit);
    assertTrue(answer.err.contains("does not exist; give files or folders"), answer.err);
    assertEquals(2, run("import").exit);
  }

  @Test
  void import_namesThatDriveATerminal_areDefused() throws IOException {
    Files.writeString(logs.resolve("c.jsonl"), "{\"source\":\"\\u001b[31m\",\"task\":\"\\u001b]0;x\\u0007\",\"run\":\"r\"}\n");
    Files.writeString(logs.resolve("d\u001b[31m.csv"), "step,val_\u001b[31mloss\n1,2\n");
    Answer answer = run("import", logs, "--into", store);
    assertFalse(answer.out.contains("\u001b"), answer.out);
    Answer asked = run("history", "--history", store, "--sql", "SELECT * FROM points");
    assertEquals(0, asked.exit, asked.err);
    assertFalse(asked.out.contains("\u001b"), asked.out);
  }

  @Test
  void history_ofAStore_listsItsRuns() throws IOException {
    run("import", logs, "--into", store);
    JsonNode history = run("history", "--history", store, "--json").json();
    assertEquals(2, history.get("runs").asInt());
    assertEquals(4, history.get("points").asInt());
  }

  @Test
  void history_sql_answersAsTableAndAsJson() throws IOException {
    run("import", logs, "--into", store);
    String sql = "SELECT run, \"value\", step AS at FROM points WHERE metric <> 'x' ORDER BY ALL";
    Answer table = run("history", "--history", store, "--sql", sql);
    assertEquals(0, table.exit, table.err);
    assertTrue(table.out.startsWith("run    value     at\nexp/a  1.0       2\n"), table.out);
    assertTrue(table.out.endsWith("6 rows\n"), table.out);
    JsonNode rows = run("history", "--history", store, "--json", "--sql", sql).json().get("rows");
    assertEquals(6, rows.size());
    assertEquals("{\"run\":\"exp/a\",\"value\":1.0,\"at\":2}", rows.get(0).toString());
    assertEquals("NaN", rows.get(3).get("value").asText());
    JsonNode lists = run("history", "--history", store, "--json", "--sql", "SELECT * FROM runs").json().get("rows");
    assertEquals(2, lists.size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT nothing FROM runs          | nothing
          SELECT                            | the query failed
          COPY (SELECT 1) TO '/tmp/x.csv'   | the query failed
          CREATE TABLE t AS SELECT 1; DROP VIEW runs; SELECT * FROM runs | the query failed
          SELECT error('a\u001bb')          | the query failed
          """)
  void history_wrongSql_isWrongUsage(String sql, String message) {
    run("import", logs, "--into", store);
    Answer answer = run("history", "--history", store, "--sql", sql);
    assertEquals(2, answer.exit, answer.out + answer.err);
    assertTrue(answer.err.contains(message), answer.err);
    assertFalse(answer.err.contains("\u001b"), answer.err);
  }

  @Test
  void history_sqlWithoutAStore_isWrongUsage() {
    assertEquals(2, run("history", "--sql", "SELECT 1").exit);
    Answer answer = run("history", "--history", logs, "--sql", "SELECT 1");
    assertEquals(2, answer.exit);
    assertTrue(answer.err.contains("--sql needs one store"), answer.err);
  }

  @Test
  void history_damagedStore_isBadData() throws IOException {
    run("import", logs, "--into", store);
    Path file;
    try (Stream<Path> files = Files.list(store)) {
      file = files.findFirst().orElseThrow();
    }
    Files.write(file, new byte[] {1, 2, 3});
    for (String[] more : new String[][] {{}, {"--sql", "SELECT * FROM runs"}}) {
      Answer answer = run(Stream.concat(Stream.of("history", "--history", store), Stream.of(more)).toArray());
      assertEquals(4, answer.exit, answer.err);
      assertTrue(answer.err.contains(file.getFileName().toString()), answer.err);
    }
  }
}
