package io.stopcast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.policy.Patience;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchCommandTest {
  /** The one that is shipped. */
  private static final Path MODELS = Path.of("..", "models");

  private static final String HEADER = "{\"objective\":{\"name\":\"m\",\"goal\":\"max\"}}\n";
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Answer(int exit, String out, String err) {}

  private static Answer run(String input, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      int exit =
          Stopcast.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true)).execute(args);
      return new Answer(exit, out.toString(), err.toString());
    } finally {
      System.setIn(before);
    }
  }

  /** By patience of two points. */
  private static Answer watched(String input) throws IOException {
    StringWriter out = new StringWriter();
    InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    int exit = WatchCommand.answer(in, new Patience(2), new PrintWriter(out));
    return new Answer(exit, out.toString(), "");
  }

  private static String step(int index, Object value) {
    return "{\"step\":%d,\"cost\":%d,\"values\":{\"m\":%s}}\n".formatted(index, index, value);
  }

  private static String header(Run run) {
    return ("\"source\":\"test\",\"task\":\"%s\",\"run\":\"%s\",\"context\":{},\"objective\":{\"name\":\"m\",\"goal\":\"max\"},"
            + "\"planned\":%d,\"cost_unit\":\"epochs\"")
        .formatted(run.context().task(), run.context().run(), run.steps().size());
  }

  private static String fields(Step step) {
    return "\"step\":%d,\"cost\":%s,\"values\":{\"train_loss\":%s,\"m\":%s,\"test_m\":7}"
        .formatted(step.index(), step.cost(), 1.0 / (1 + step.index()), step.index() % 11 == 5 ? "NaN" : step.value("m"));
  }

  /** Runs of several tasks, with names that all differ. */
  private static List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (Run run : RecordedRuns.history(3, 20, 5)) {
      double[] values = run.steps().stream().mapToDouble(step -> step.value("m")).toArray();
      runs.add(RecordedRuns.of(run.context().task(), "run" + runs.size(), values));
    }
    return runs;
  }

  @Test
  void watch_recordedRuns_decidesAsReplay(@TempDir Path folder) throws IOException {
    List<Run> runs = runs();
    Path recorded = folder.resolve("runs.jsonl");
    Path csv = folder.resolve("stops.csv");
    Files.write(
        recorded,
        runs.stream()
            .map(
                run ->
                    "{%s,\"end\":\"completed\",\"steps\":[%s]}"
                        .formatted(
                            header(run),
                            run.steps().stream().map(s -> "{" + fields(s) + "}").collect(Collectors.joining(","))))
            .toList());
    Answer replayed =
        run(
            "", "replay", "--model", "champion", "--models", MODELS.toString(), "--price", "0.2", recorded.toString(), "--out",
            csv.toString());
    assertEquals(0, replayed.exit, replayed.err);

    StringBuilder lines = new StringBuilder();
    runs.forEach(run -> lines.append('{').append(header(run)).append("}\n"));
    for (int t = 0; t < 40; t++) { // all at once, taking turns
      for (Run run : runs) {
        if (t < run.steps().size()) {
          lines.append("{\"run\":\"%s\",%s}\n".formatted(run.context().run(), fields(run.steps().get(t))));
        }
      }
    }
    Answer watched =
        run(lines.toString(), "watch", "--model", "champion", "--models", MODELS.toString(), "--price", "0.2");

    assertEquals(0, watched.exit, watched.err);
    Map<String, JsonNode> stops = new HashMap<>();
    int answers = 0;
    for (String line : watched.out.lines().toList()) {
      JsonNode answer = JSON.readTree(line);
      answers++;
      if (answer.get("decision").asText().equals("stop")) {
        stops.putIfAbsent(answer.get("run").asText(), answer);
      }
    }
    assertEquals(runs.stream().mapToInt(run -> run.steps().size()).sum(), answers);
    List<String> rows = Files.readAllLines(csv);
    int stopped = 0;
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      String[] row = rows.get(1 + i).split(",", 8);
      assertEquals(run.context().run(), row[2]);
      JsonNode stop = stops.get(run.context().run());
      long lastStep = run.steps().get(run.steps().size() - 1).index();
      if (row[7].equals("\"not stopped\"")) {
        assertTrue(stop == null || stop.get("step").asLong() == lastStep, () -> row[2] + ": " + stop);
        continue;
      }
      stopped++;
      assertEquals(Long.parseLong(row[3]), stop.get("step").asLong(), row[2]);
      assertEquals(row[7], Printable.csv(stop.get("reason").asText()));
      assertTrue(stop.get("reason").asText().contains("%.3f".formatted(stop.get("probability").asDouble())), stop::toString);
      assertTrue(stop.get("expected_gain").asDouble() >= 0, stop::toString);
      assertTrue(stop.get("best_step").asLong() <= stop.get("step").asLong(), stop::toString);
    }
    assertTrue(stopped > 5 && stopped < runs.size(), stopped + " of " + runs.size() + " stopped");
  }

  @Test
  void answer_stop_saysWhereTheBestWas() throws IOException {
    Answer answer = watched(HEADER + step(3, 1) + step(5, 2) + step(6, "NaN") + step(8, 2) + step(9, 3));

    assertEquals(
        """
        {"step":3,"decision":"continue"}
        {"step":5,"decision":"continue"}
        {"step":6,"decision":"continue"}
        {"step":8,"decision":"stop","probability":null,"expected_gain":null,"best_step":5,\
        "reason":"the last improvement, to 2.000 at point 2, is 2 points old"}
        {"step":9,"decision":"continue"}
        """,
        answer.out);
    assertEquals(0, answer.exit);
  }

  @Test
  void answer_stepsThatAreNotNewer_getTheLastDecisionAndChangeNothing() throws IOException {
    Answer answer =
        watched(HEADER + step(1, 2) + step(2, 1) + step(2, 1) + step(1, 9) + step(3, 1) + step(3, 5) + step(4, 3));

    List<String> lines = answer.out.lines().toList();
    assertEquals("{\"step\":2,\"decision\":\"continue\",\"ignored\":true}", lines.get(2));
    assertEquals("{\"step\":1,\"decision\":\"continue\",\"ignored\":true}", lines.get(3));
    assertTrue(lines.get(4).startsWith("{\"step\":3,\"decision\":\"stop\","), lines.get(4));
    assertEquals(lines.get(4).replace("}", ",\"ignored\":true}"), lines.get(5));
    assertEquals("{\"step\":4,\"decision\":\"continue\"}", lines.get(6)); // better than 2, the best of those that count
  }

  @Test
  void answer_changeIsAskedFor_saysItOnce() throws IOException {
    StringWriter out = new StringWriter();
    InputStream in =
        new ByteArrayInputStream((HEADER + step(1, 2) + step(2, 1) + step(2, 1) + step(3, 1)).getBytes(StandardCharsets.UTF_8));
    StopPolicy policy = new Patience(2).advised(new ReduceOnPlateau(0.5, 0)).trying(0, 3);
    assertEquals(0, WatchCommand.answer(in, policy, new PrintWriter(out)));
    assertEquals(
        """
        {"step":1,"decision":"continue"}
        {"step":2,"decision":"continue","advice":{"change":"reduce_learning_rate","factor":0.5,\
        "policy":"reduce-on-plateau(factor 0.5, patience 0, min-delta 1.0E-4 of the value)",\
        "reason":"1 points without enough of a gain on 2.000"}}
        {"step":2,"decision":"continue","ignored":true}
        {"step":3,"decision":"stop","probability":null,"expected_gain":null,"best_step":1,\
        "reason":"the last improvement, to 2.000 at point 1, is 2 points old; 1 change was tried, the last at point 2"}
        """,
        out.toString());
  }

  @Test
  void watch_advise_asksForALowerRateBeforeAnUncertainStop() {
    StringBuilder lines = new StringBuilder(HEADER.replace("}}", "},\"planned\":40}"));
    for (int t = 1; t <= 40; t++) {
      lines.append(step(t, 1 - Math.exp(-t / 3.0)));
    }
    String[] watch = {"watch", "--model", "champion", "--models", MODELS.toString(), "--price", "0.3"};
    assertFalse(run(lines.toString(), watch).out.contains("advice"));
    String[] advise = Arrays.copyOf(watch, watch.length + 2);
    advise[watch.length] = "--advise";
    advise[watch.length + 1] = "0.25";
    Answer advised = run(lines.toString(), advise);
    assertEquals(0, advised.exit, advised.err);
    assertTrue(advised.out.contains("\"advice\":{\"change\":\"reduce_learning_rate\",\"factor\":0.25,"), advised.out);
    advise[watch.length + 1] = "4";
    Answer wrong = run("", advise);
    assertEquals(2, wrong.exit);
    assertTrue(wrong.err.contains("--advise: a learning rate is reduced by a factor above 0 and below 1, but was to be by 4.0"), wrong.err);
  }

  @Test
  void answer_runAnnouncedAgain_startsAnew() throws IOException {
    Answer answer = watched(HEADER + step(1, 2) + step(2, 1) + HEADER + step(1, 1) + step(2, 1) + step(3, 1));

    List<String> lines = answer.out.lines().toList();
    assertEquals("{\"step\":2,\"decision\":\"continue\"}", lines.get(3));
    assertTrue(lines.get(4).contains("\"stop\""), lines.get(4));
  }

  @Test
  void answer_badLine_isAnErrorAndExit4() throws IOException {
    Answer answer = watched(HEADER + step(1, 2) + "{\"step\":\"\\u001b[2J\u00e9\"}\n" + step(2, 1) + step(3, 1));

    assertEquals(4, answer.exit);
    List<String> lines = answer.out.lines().toList();
    JsonNode error = JSON.readTree(lines.get(1));
    assertEquals(1, error.size());
    assertTrue(error.get("error").asText().startsWith("line 3: expected a whole number"), lines.get(1));
    assertTrue(answer.out.chars().allMatch(c -> c < 128 && (c >= ' ' || c == '\n')), answer.out);
    assertTrue(lines.get(3).startsWith("{\"step\":3,\"decision\":\"stop\""), lines.get(3));
  }

  @Test
  void answer_nobodyReads_endsInsteadOfGoingOnUnheard() {
    Writer closed =
        new FilterWriter(Writer.nullWriter()) {
          @Override
          public void flush() throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    InputStream in = new ByteArrayInputStream((HEADER + step(1, 2)).getBytes(StandardCharsets.UTF_8));

    IOException failure =
        assertThrows(IOException.class, () -> WatchCommand.answer(in, new Patience(2), new PrintWriter(closed)));

    assertEquals("nobody reads the answers any more: standard output is closed", failure.getMessage());
  }

  /** As a trainer would that waits for the answer before it goes on. */
  @Test
  void answer_eachStep_comesBeforeTheNextIsSent() throws Exception {
    PipedWriter answers = new PipedWriter();
    BufferedReader fromWatch = new BufferedReader(new PipedReader(answers));
    CompletableFuture<Integer> exit;
    int epoch = 0;
    try (PipedOutputStream toWatch = new PipedOutputStream()) {
      InputStream in = new PipedInputStream(toWatch);
      exit =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return WatchCommand.answer(in, new Patience(2), new PrintWriter(answers));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      toWatch.write(HEADER.getBytes(StandardCharsets.UTF_8));
      boolean going = true;
      while (going) {
        toWatch.write(step(++epoch, Math.min(epoch, 3)).getBytes(StandardCharsets.UTF_8));
        toWatch.flush();
        going = JSON.readTree(fromWatch.readLine()).get("decision").asText().equals("continue");
      }
    }
    assertEquals(5, epoch);
    assertEquals(0, exit.get());
  }

  /** The guide's lines in and out, and the fields of the stop that it shows. */
  @Test
  void watch_guidesLines_areAnsweredAsItSays() throws IOException {
    String[] blocks = Files.readString(Path.of("..", "docs", "pipe.md")).split("```(json\n)?");

    Answer answer = run(blocks[1], "watch", "--model", "champion", "--models", MODELS.toString(), "--price", "0.1");

    assertEquals(blocks[3], answer.out);
    assertEquals(0, answer.exit);
    JsonNode shown = JSON.readTree(blocks[4].substring(blocks[4].indexOf('{'), blocks[4].indexOf("}`") + 1));
    String stop = watched(HEADER + step(1, 2) + step(2, 1) + step(3, 1)).out.lines().toList().get(2);
    assertEquals(names(JSON.readTree(stop)), names(shown));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void watch_wrongUsage_exits2_noModel_exits1() {
    assertEquals(2, run("", "watch").exit);
    assertEquals(2, run("", "watch", "--model", "champion", "--models", MODELS.toString(), "--price", "0").exit);
    Answer missing = run("", "watch", "--model", "nothing", "--models", MODELS.toString());
    assertEquals(1, missing.exit);
    assertFalse(missing.err.isEmpty());
  }
}
