package io.stopcast.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveLinesTest {
  private static final String OBJECTIVE = "{\"objective\":{\"name\":\"val_loss\",\"goal\":\"min\"}}\n";

  private static List<LiveLine<RunContext>> read(byte[] bytes) throws IOException {
    LiveLines<RunContext> lines = new LiveLines<>(new ByteArrayInputStream(bytes), run -> run);
    List<LiveLine<RunContext>> all = new ArrayList<>();
    for (Optional<LiveLine<RunContext>> line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.get());
    }
    return all;
  }

  private static List<LiveLine<RunContext>> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String shown(LiveLine<RunContext> line) {
    return line instanceof LiveLine.Report<RunContext> report
        ? report.watching().run() + ": " + report.step()
        : ((LiveLine.Unreadable<RunContext>) line).message();
  }

  private static List<String> shown(String text) throws IOException {
    return read(text).stream().map(LiveLinesTest::shown).toList();
  }

  @Test
  void next_wholeHeader_isTheRunsContext() throws IOException {
    LiveLine<RunContext> line =
        read(
                """
                {"run":"r1","task":"t","source":"lab","context":{"rate":1e-3,"nesterov":true,"seed":7},\
                "objective":{"name":"acc","goal":"max"},"planned":30,"planned_cost":1.5e6,"cost_unit":"tokens"}
                {"step":1,"cost":50000,"values":{"acc":0.1}}
                """)
            .get(0);

    assertEquals(
        new RunContext(
            "lab", "t", "r1", Objective.maximize("acc"), new Horizon(30, 1.5e6), "tokens",
            Map.of("rate", 1e-3, "nesterov", true, "seed", 7.0)),
        ((LiveLine.Report<RunContext>) line).watching());
    assertEquals("r1: step 1 at cost 50000.0 {acc=0.1}", shown(line));
  }

  @Test
  void next_shortestHeader_hasTheNamesOfAnUnnamedRun() throws IOException {
    LiveLine<RunContext> line = read(OBJECTIVE + "{\"step\":1,\"values\":{\"val_loss\":2}}").get(0);

    assertEquals(
        RunContext.of(Objective.minimize("val_loss")), ((LiveLine.Report<RunContext>) line).watching());
    assertEquals("unnamed: step 1 at cost NaN {val_loss=2.0}", shown(line));
  }

  @Test
  void next_numbersAsPythonWritesThem_areKept() throws IOException {
    assertEquals(
        List.of("unnamed: step 1 at cost 0.1 {val_loss=NaN, a=Infinity, b=-Infinity, c=4.9E-324, d=1.7976931348623157E308}"),
        shown(
            OBJECTIVE
                + "{\"step\":1,\"cost\":0.1,\"values\":"
                + "{\"val_loss\":NaN,\"a\":Infinity,\"b\":-Infinity,\"c\":5e-324,\"d\":1.7976931348623157e308}}"));
  }

  /** The same digits as the reader of recorded runs, which takes the text. */
  @Test
  void next_anyDouble_isKeptToTheBit() throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder(OBJECTIVE);
    List<Double> expected = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      expected.add(value);
      text.append("{\"step\":%d,\"cost\":1,\"values\":{\"val_loss\":%s}}\n".formatted(i, value));
    }
    List<Double> found =
        read(text.toString()).stream()
            .map(line -> ((LiveLine.Report<RunContext>) line).step().value("val_loss"))
            .toList();
    assertEquals(expected, found);
  }

  @Test
  void next_labels_areHidden() throws IOException {
    assertEquals(
        List.of("unnamed: step 1 at cost 1.0 {val_loss=1.0}"),
        shown(
            OBJECTIVE.replace("}}", "},\"labels\":[\"final\"]}")
                + "{\"step\":1,\"cost\":1,\"values\":{\"test_loss\":3,\"val_loss\":1,\"final\":2}}"));
  }

  @Test
  void next_runsThatTakeTurns_areToldByName() throws IOException {
    String header = "{\"run\":\"%s\",\"objective\":{\"name\":\"m\",\"goal\":\"max\"}}\n";
    assertEquals(
        List.of(
            "b: step 1 at cost 1.0 {m=1.0}",
            "a: step 1 at cost 1.0 {m=2.0}",
            "b: step 2 at cost 2.0 {m=3.0}",
            "line 6: no run 'c' was announced, or too many since; send a line with its objective before its steps"),
        shown(
            header.formatted("a")
                + header.formatted("b")
                + "{\"step\":1,\"cost\":1,\"values\":{\"m\":1}}\n"
                + "{\"run\":\"a\",\"step\":1,\"cost\":1,\"values\":{\"m\":2}}\n"
                + "{\"run\":\"b\",\"step\":2,\"cost\":2,\"values\":{\"m\":3}}\n"
                + "{\"run\":\"c\",\"step\":2,\"cost\":2,\"values\":{\"m\":3}}\n"));
  }

  @Test
  void next_moreRunsThanAreKept_forgetsTheOneSilentForLongest() throws IOException {
    String header = "{\"run\":\"%d\",\"objective\":{\"name\":\"m\",\"goal\":\"max\"}}\n";
    String step = "{\"run\":\"%d\",\"step\":1,\"cost\":1,\"values\":{\"m\":1}}\n";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LiveLines.MOST_RUNS; i++) {
      text.append(header.formatted(i));
    }
    text.append(step.formatted(0)).append(header.formatted(LiveLines.MOST_RUNS));
    text.append(step.formatted(0)).append(step.formatted(1)).append(step.formatted(2));

    List<String> answers = shown(text.toString());

    assertEquals(answers.get(0), answers.get(1));
    assertTrue(answers.get(2).contains("no run '1' was announced, or too many since"), answers.get(2));
    assertEquals("2: step 1 at cost 1.0 {m=1.0}", answers.get(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"step":1,"cost":1,"values":{"val_loss":1}        | not JSON at column 43: Unexpected end-of-input
          {"step":1,"step":2,"values":{}}                   | not JSON at column 17: Duplicate field 'step'
          {"step":1,"values":{}} {}                         | expected nothing after the closing brace
          [1]                                               | expected a run or a step as a JSON object
          {"step":1.5,"values":{}}                          | expected a whole number of at most 64 bits for 'step', found '1.5'
          {"step":1,"cost":-1,"values":{}}                  | expected a finite 'cost' of at least 0, found '-1'
          {"step":1,"cost":1}                               | expected entry 1 of 'steps' to have step, cost and values
          {"step":1,"cost":1,"values":{"val_loss":"low"}}   | expected a number for 'val_loss', found 'low'
          {"step":1,"cost":1,"values":{"val_loss":null}}    | expected a number for 'val_loss', found 'null'
          {"step":1,"cost":1,"values":{"val_loss":1e999}}   | the number for 'val_loss' is too large: '1E+999'
          {"step":1,"cost":1,"values":{},"epoch":1}         | unknown key 'epoch' in a step; it has step, cost, values
          {"run":1,"step":1,"cost":1,"values":{}}           | expected text for 'run'
          {"run":"b"}                                       | the run has no 'objective', which every run needs
          {"objective":{"name":"m","goal":"up"}}            | expected objective.goal 'max' or 'min', found 'up'
          {"objective":{"name":"m","goal":"max"},"planned":0} | expected 'planned' to be at least 1, found 0; leave it out
          {"objective":{"name":"m","goal":"max"},"end":"completed"} | a run that is going on has no 'end' yet; send its steps
          """)
  void next_badLine_saysWhatIsWrongAndTheRestGoesOn(String bad, String expected) throws IOException {
    List<String> answers = shown(OBJECTIVE + "\n" + bad + "\n{\"step\":9,\"cost\":9,\"values\":{\"val_loss\":1}}\n");

    assertEquals(2, answers.size());
    assertTrue(answers.get(0).startsWith("line 3: " + expected), answers.get(0));
    assertEquals("unnamed: step 9 at cost 9.0 {val_loss=1.0}", answers.get(1));
  }

  @Test
  void next_stepBeforeAnyRun_saysWhatIsMissing() throws IOException {
    assertEquals(
        List.of("line 1: no run was announced; send a line with its objective before its steps"),
        shown("{\"step\":1,\"cost\":1,\"values\":{}}"));
  }

  @Test
  void next_lineLongerThanMemory_isPassedOver() throws IOException {
    assertEquals(
        List.of("line 2: longer than 1048576 bytes; expected one step a line", "unnamed: step 1 at cost NaN {}"),
        shown(OBJECTIVE + "x".repeat(3 << 20) + "\n{\"step\":1,\"values\":{}}"));
  }

  @Test
  void next_anyBytes_areAnsweredNotThrown() throws IOException {
    byte[] good =
        (OBJECTIVE + "{\"step\":1,\"cost\":1,\"values\":{\"val_loss\":1}}\n".repeat(3)).getBytes(StandardCharsets.UTF_8);
    Random random = new Random(5);
    int unreadable = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = good.clone();
      for (int k = 0; k <= i % 4; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      for (LiveLine<RunContext> line : read(bytes)) {
        unreadable += line instanceof LiveLine.Unreadable ? 1 : 0;
      }
    }
    assertTrue(unreadable > 2000, "only " + unreadable);
  }
}
