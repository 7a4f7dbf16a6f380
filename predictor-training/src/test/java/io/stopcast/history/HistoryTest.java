package io.stopcast.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
  private static final String GOOD =
      """
      {"source":"s","task":"t","run":"r1","context":{"lr":0.1,"opt":"adam","warm":true},\
      "objective":{"name":"val_loss","goal":"min"},"end":"completed","planned":3,"cost_unit":"tokens","labels":["em"],\
      "steps":[{"step":0,"cost":0,"values":{"val_loss":2.5,"train_loss":3,"em":0.1,"test_acc":0.2}},\
      {"step":5,"cost":10,"values":{"val_loss":NaN}},{"step":9,"cost":20,"values":{"train_loss":1}}]}""";

  private static final History.Options LENIENT = new History.Options(true, Optional.empty(), bytes -> {});

  @TempDir private Path folder;

  private Path write(String... lines) throws IOException {
    return Files.writeString(folder.resolve("runs.jsonl"), String.join("\n", lines) + "\n");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void read_goodLine_keepsEverything() throws IOException {
    Run run = History.read(List.of(write(GOOD)), History.Options.STRICT).runs().get(0);
    assertEquals(Objective.minimize("val_loss"), run.context().objective());
    assertEquals(Horizon.ofPoints(3), run.context().horizon());
    assertEquals(Map.of("lr", 0.1, "opt", "adam", "warm", true), run.context().parameters());
    assertEquals("tokens", run.context().costUnit());
    assertEquals(End.COMPLETED, run.end());
    assertEquals(List.of(0L, 5L, 9L), run.steps().stream().map(s -> s.index()).toList());
    assertEquals(-2.5, run.context().objective().gain(run.steps().get(0)));
  }

  @Test
  void read_exemptRun_tellsWhereItWouldHaveBeenStopped() throws IOException {
    String line = GOOD.replace("\"labels\"", "\"exempt\":{\"step\":5,\"propensity\":0.03},\"labels\"");
    Path file = write(line);
    assertEquals(Optional.of(new Exemption(5, .03)), History.read(List.of(file), History.Options.STRICT).runs().get(0).exemption());
    History.Options byLoss = new History.Options(false, Optional.of(Objective.minimize("train_loss")), bytes -> {});
    assertEquals(Optional.of(new Exemption(5, .03)), History.read(List.of(file), byLoss).runs().get(0).exemption());
    assertEquals(Optional.empty(), History.read(List.of(write(GOOD)), History.Options.STRICT).runs().get(0).exemption());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"step":5}                             | column: expected 'exempt' to have a step and a propensity
          {"step":5,"propensity":0}              | expected 'exempt.propensity' of run 'r1', how probable it was that it went on, to be above 0 and below 1, found 0.0; leave 'exempt' out of a run that nothing would have stopped
          {"step":5,"propensity":1}              | expected 'exempt.propensity' of run 'r1', how probable it was that it went on, to be above 0 and below 1, found 1.0; leave 'exempt' out of a run that nothing would have stopped
          {"step":5,"propensity":NaN}            | expected 'exempt.propensity' of run 'r1', how probable it was that it went on, to be above 0 and below 1, found NaN; leave 'exempt' out of a run that nothing would have stopped
          {"step":6,"propensity":0.03}           | expected 'exempt.step' of run 'r1' to be one of its steps, at which it would have been stopped, found 6
          {"step":1.5,"propensity":0.03}         | column: expected a whole number of at most 64 bits for 'exempt.step', found '1.5'
          {"at":5,"propensity":0.03}             | column: unknown key 'at' in 'exempt'; it has step and propensity
          0.03                                   | column: expected 'exempt' as an object, found '0.03'
          """)
  void read_exemptionThatCannotBe_saysWhatWouldBeRight(String exempt, String message) throws IOException {
    Path file = write(GOOD, GOOD.replace("\"run\":\"r1\",", "\"run\":\"r1\",\"exempt\":" + exempt + ",").replace("\"t\"", "\"u\""));
    String found = assertThrows(ImportException.class, () -> History.read(List.of(file), History.Options.STRICT)).getMessage();
    String where = message.startsWith("column") ? message.substring("column".length()) : ": " + message;
    assertTrue(found.startsWith(file + " line 2: ") && found.contains(where), found);
  }

  @Test
  void read_labels_areNotShownAsSignals() throws IOException {
    Run run = History.read(List.of(write(GOOD)), History.Options.STRICT).runs().get(0);
    assertEquals(List.of("val_loss", "train_loss"), run.steps().get(0).names());
    assertArrayEquals(new double[] {0.1, Double.NaN, Double.NaN}, run.labels().get("em"));
    assertArrayEquals(new double[] {0.2, Double.NaN, Double.NaN}, run.labels().get("test_acc"));
  }

  @Test
  void read_declaredObjectiveThatLooksLikeALabel_staysASignal() throws IOException {
    String line = GOOD.replace("val_loss", "test_loss");
    Run run = History.read(List.of(write(line)), History.Options.STRICT).runs().get(0);
    assertTrue(run.steps().get(0).reports("test_loss"));
    assertFalse(run.labels().containsKey("test_loss"));
  }

  @Test
  void read_nanIsAPoint_absentIsNone() throws IOException {
    Curve curve = Curve.of(History.read(List.of(write(GOOD)), History.Options.STRICT).runs().get(0));
    assertArrayEquals(new int[] {0, 1}, curve.step());
    assertArrayEquals(new double[] {-2.5, -2.5}, curve.best());
  }

  @Test
  void read_gzip_likePlain() throws IOException {
    Path path = Files.write(folder.resolve("runs.jsonl.gz"), gzip(GOOD + "\n"));
    assertEquals(1, History.read(List.of(path), History.Options.STRICT).runs().size());
  }

  @Test
  void read_lineWithoutEnd_isRead() throws IOException {
    Path path = Files.writeString(folder.resolve("a.jsonl"), GOOD);
    assertEquals(1, History.read(List.of(path), History.Options.STRICT).runs().size());
  }

  @Test
  void read_longLines_crossBufferBounds() throws IOException {
    StringBuilder steps = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      steps.append(i == 0 ? "" : ",").append("{\"step\":%d,\"cost\":%d,\"values\":{\"m\":%d}}".formatted(i, i, i % 7));
    }
    String[] lines = new String[3];
    for (int k = 0; k < 3; k++) {
      lines[k] =
          """
          {"source":"s","task":"t","run":"%d","objective":{"name":"m","goal":"max"},"end":"target","cost_unit":"u","steps":[%s]}"""
              .formatted(k, steps);
    }
    List<Run> runs = History.read(List.of(write(lines)), History.Options.STRICT).runs();
    assertEquals(List.of(20_000, 20_000, 20_000), runs.stream().map(r -> r.steps().size()).toList());
    assertEquals(6, runs.get(2).steps().get(13).value("m"));
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "end":"completed"      | "end":"done"            | expected 'end' to be one of [completed, target, diverged, budget_or_crash, early_stopped, aborted, crashed, truncated, unknown], found 'done'
          "goal":"min"           | "goal":"down"           | expected objective.goal 'max' or 'min', found 'down'
          "planned":3            | "planned":0             | expected 'planned' to be at least 1, found 0; leave it out if unknown
          "planned":3            | "plan":3                | unknown key 'plan'
          "planned":3            | "planned_cost":-1       | expected 'planned_cost' to be positive, found -1.0
          "step":5               | "step":0                | steps must increase, but step 0 follows step 0
          "step":5               | "step":1e3              | expected a whole number of at most 64 bits for 'step', found '1e3'
          "cost":20              | "cost":2                | 'cost' is cumulative and must not fall, but is 2.0 at step 9 after 10.0
          "cost":20              | "cost":NaN              | expected a finite 'cost' of at least 0, found 'NaN'
          "val_loss":2.5         | "val_loss":"2.5"        | expected a number for 'val_loss', found '2.5'
          "val_loss":2.5         | "val_loss":1e999        | the number for 'val_loss' is too large: '1e999'
          "val_loss":2.5         | "val_loss":1,"val_loss":2 | Duplicate field 'val_loss'
          "val_loss":NaN         | "val_loss":NaN,"a":1,"b":2,"a":3 | Duplicate field 'a'
          "train_loss":3         | "a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"q":2 | Duplicate field 'q'
          "train_loss":3         | "a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"b":2 | Duplicate field 'b'
          "step":5               | "step":5,"step":6       | Duplicate field 'step'
          "cost":10              | "cost":10,"cost":10     | Duplicate field 'cost'
          "values":{"train_loss":1} | "values":{"train_loss":1},"values":{} | Duplicate field 'values'
          "lr":0.1               | "lr":0.1,"lr":0.1       | Duplicate field 'lr'
          "goal":"min"           | "goal":"min","goal":"min" | Duplicate field 'goal'
          "planned":3            | "planned":3,"planned":4 | Duplicate field 'planned'
          "lr":0.1               | "lr":[0.1]              | expected a scalar for context key 'lr', found an array
          "source":"s",          | ``                      | the run has no 'source', which every run needs
          "task":"t"             | "task":7                | expected text for 'task', found '7'
          {"source"              | [{"source"              | expected a run as a JSON object, found an array
          "cost_unit":"tokens"   | "cost_unit":tokens      | not JSON at column
          """)
  void read_badLine_saysFileLineFoundAndExpected(String good, String bad, String expected) throws IOException {
    assertTrue(GOOD.contains(good), good);
    Path path = write(GOOD, GOOD.replace("r1", "r2").replace(good, bad == null ? "" : bad));
    ImportException e = assertThrows(ImportException.class, () -> History.read(List.of(path), History.Options.STRICT));
    assertTrue(e.getMessage().startsWith(path + " line 2: "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    History lenient = History.read(List.of(path), LENIENT);
    assertEquals(1, lenient.runs().size());
    assertEquals(1, lenient.skipped().size());
  }

  /** The fast way to read numbers gives the very bits that Java's own gives. */
  @Test
  void read_numbers_areExact() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    List<String> numbers =
        new ArrayList<>(
            List.of("-0.0", "4.9E-324", "2.2250738585072011e-308", "1.7976931348623157E308", "9007199254740993", "0.1e-7"));
    for (int i = 0; i < 20_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      numbers.add(Double.isFinite(any) ? Double.toString(any) : Double.toString(random.nextDouble()));
    }
    StringBuilder steps = new StringBuilder();
    for (int i = 0; i < numbers.size(); i++) {
      steps.append(i == 0 ? "" : ",").append("{\"step\":%d,\"cost\":1,\"values\":{\"m\":%s}}".formatted(i, numbers.get(i)));
    }
    String line =
        """
        {"source":"s","task":"t","run":"r","objective":{"name":"m","goal":"max"},"end":"target","cost_unit":"u","steps":[%s]}"""
            .formatted(steps);
    Run run = History.read(List.of(write(line)), History.Options.STRICT).runs().get(0);
    for (int i = 0; i < numbers.size(); i++) {
      long expected = Double.doubleToRawLongBits(Double.parseDouble(numbers.get(i)));
      assertEquals(expected, Double.doubleToRawLongBits(run.steps().get(i).value("m")), numbers.get(i));
    }
  }

  @Test
  void read_namesThatComeAndGo_stayWithTheirValues() throws IOException {
    String line =
        """
        {"source":"s","task":"t","run":"r","objective":{"name":"m","goal":"max"},"end":"target","cost_unit":"u","labels":["l"],"steps":[\
        {"step":1,"cost":1,"values":{"m":1,"l":2,"a":3}},{"step":2,"cost":1,"values":{"m":4,"l":5}},\
        {"step":3,"cost":1,"values":{"a":6,"m":7}},{"step":4,"cost":1,"values":{}},{"step":5,"cost":1,"values":{"m":8,"l":9,"a":10}}]}""";
    Run run = History.read(List.of(write(line)), History.Options.STRICT).runs().get(0);
    assertEquals(
        List.of("{m=1.0, a=3.0}", "{m=4.0}", "{a=6.0, m=7.0}", "{}", "{m=8.0, a=10.0}"),
        run.steps().stream().map(step -> step.toString().replaceFirst("[^{]*", "")).toList());
    assertArrayEquals(new double[] {2, 5, Double.NaN, Double.NaN, 9}, run.labels().get("l"));
    assertSame(run.steps().get(0).names(), run.steps().get(4).names());
  }

  @Test
  void read_sameRunTwice_fails() throws IOException {
    Path path = write(GOOD, GOOD);
    ImportException e = assertThrows(ImportException.class, () -> History.read(List.of(path), History.Options.STRICT));
    assertTrue(e.getMessage().contains("run 'r1' of task 't' was read before, from " + path + " line 1"), e.getMessage());
  }

  @Test
  void read_truncatedGzip_failsOrKeepsTheWholeLines() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append(GOOD.replace("r1", "run" + i * 7919L)).append('\n');
    }
    byte[] whole = gzip(text.toString());
    Path path = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(whole, whole.length / 2));
    ImportException e = assertThrows(ImportException.class, () -> History.read(List.of(path), History.Options.STRICT));
    assertTrue(e.getMessage().contains("the gzip data is cut off or damaged"), e.getMessage());
    History lenient = History.read(List.of(path), LENIENT);
    assertTrue(lenient.runs().size() > 100, "kept " + lenient.runs().size());
    assertEquals(1, lenient.skipped().size());
  }

  @Test
  void read_deepNesting_isRefused() throws IOException {
    Path path = write("[".repeat(100_000));
    assertThrows(ImportException.class, () -> History.read(List.of(path), History.Options.STRICT));
    Path deep = write(GOOD.replace("0.1,\"opt\"", "{\"a\":".repeat(500) + "1" + "}".repeat(500) + ",\"opt\""));
    assertThrows(ImportException.class, () -> History.read(List.of(deep), History.Options.STRICT));
  }

  @Test
  void read_emptyFolder_saysWhatIsMissing() {
    ImportException e =
        assertThrows(ImportException.class, () -> History.read(List.of(folder), History.Options.STRICT));
    assertEquals(folder + " holds no .jsonl or .jsonl.gz file; give files or a folder of them", e.getMessage());
  }

  @Test
  void read_terminalControlInAName_isEscapedInTheMessage() throws IOException {
    Path path = write(GOOD.replace("\"planned\"", "\"\\u001b[31mplanned\""));
    ImportException e = assertThrows(ImportException.class, () -> History.read(List.of(path), History.Options.STRICT));
    assertFalse(e.getMessage().contains("\u001b"), e.getMessage());
  }

  @Test
  void usability_tellsWhyARunCannotBeScored() throws IOException {
    Path path =
        write(
            GOOD,
            GOOD.replace("r1", "r2").replace("completed", "early_stopped"),
            GOOD.replace("r1", "r3").replace("\"name\":\"val_loss\"", "\"name\":\"other\""),
            GOOD.replace("r1", "r4").replace(":2.5", ":NaN"),
            GOOD.replace("r1", "r5").replace("\"values\":{\"val_loss\":NaN}", "\"values\":{}"));
    assertEquals(
        List.of(
            Usability.SCORED,
            Usability.CENSORED,
            Usability.NEVER_REPORTS_OBJECTIVE,
            Usability.NO_FINITE_VALUE,
            Usability.SINGLE_POINT),
        History.read(List.of(path), History.Options.STRICT).runs().stream().map(Usability::of).toList());
  }
}
