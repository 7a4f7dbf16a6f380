package io.stopcast.datasets.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.VerbProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoTest {
  private record Answer(int exit, String out, String err) {}

  private static Answer demo(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new Demo())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(Stream.concat(Stream.of("--fast", "--models", Path.of("..", "models").toString()), Stream.of(args)).toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }

  @Test
  void demo_champion_stopsTheTrainingAndLosesLittle() throws IOException {
    Answer answer = demo("--json");
    assertEquals(0, answer.exit, answer.err);
    JsonNode json = new ObjectMapper().readTree(answer.out);
    assertEquals(43, json.get("stop_epoch").asInt());
    assertEquals(36, json.get("best_at_stop_epoch").asInt());
    assertEquals(57, json.get("best_epoch").asInt());
    assertTrue(json.get("given_up").asDouble() < .05, answer.out);
    assertEquals(150, json.get("values").size());
    assertEquals(0.70442, json.at("/values/0").asDouble(), 1e-4);
  }

  @Test
  void demo_notATerminal_isPlainLinesAndOneChart() {
    Answer answer = demo();
    assertEquals(0, answer.exit, answer.err);
    assertEquals(-1, answer.out.indexOf('\033'));
    assertTrue(answer.out.contains("STOP in epoch 43: P(stopping is right)"), answer.out);
    assertTrue(answer.out.contains("Stopped in epoch 43 of 150: 71 % of the compute saved."), answer.out);
    assertEquals(1, answer.out.lines().filter(line -> line.startsWith("         +---")).count());
  }

  @Test
  void demo_theSameTwice_anotherSeedIsAnotherTraining() {
    assertEquals(demo("--json").out, demo("--json").out);
    assertNotEquals(demo("--json").out, demo("--json", "--seed", "2").out);
  }

  @Test
  void demo_priceThatIsNone_isWrongUsage() {
    assertEquals(2, demo("--price", "0").exit);
  }

  @Test
  void verbs_demoAndDatasets_areFound() {
    assertEquals(
        List.of("demo", "datasets"),
        ServiceLoader.load(VerbProvider.class).stream()
            .flatMap(provider -> provider.get().verbs().stream())
            .map(verb -> new CommandLine(verb).getCommandName())
            .toList());
  }

  @Test
  void screen_bestAndStopAreMarked() {
    List<Double> falling = IntStream.range(0, 20).mapToObj(i -> 1.0 / (1 + i) + (i > 10 ? .3 : 0)).toList();
    String chart = Screen.draw(falling, 20, 12);
    assertEquals(Screen.HEIGHT + 1, chart.lines().count());
    assertEquals(1, chart.chars().filter(c -> c == 'o').count());
    assertTrue(chart.lines().limit(Screen.HEIGHT).filter(line -> line.indexOf('|', 11) > 0).count() >= Screen.HEIGHT - 1, chart);
    assertTrue(chart.lines().allMatch(line -> line.length() <= 80), chart);
    assertTrue(Screen.wrapped("word ".repeat(60).strip()).lines().allMatch(line -> line.length() <= 74));
  }
}
