package io.stopcast.cli;

import static io.stopcast.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stopcast.cli.Commands.Answer;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The verb from its arguments to its files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportCommandTest {
  /** The registry that the project ships. */
  private static final Path MODELS = Path.of("../models");

  private Path folder;
  private Path history;

  private Answer report(Path out, Object... further) {
    Object[] args = {
      "report", "--history", history, "--alone", "--split", "known", "--price", "0.1", "--folds", 2, "--out", out, "--models", MODELS
    };
    return run(Stream.concat(Stream.of(args), Stream.of(further)).toArray());
  }

  @BeforeAll
  void write(@TempDir Path temporary) throws IOException {
    folder = temporary;
    history = folder.resolve("history.jsonl");
    Files.write(history, RecordedRuns.history(5, 8, 11).stream().map(run -> Commands.json("test", run)).toList());
  }

  @Test
  void report_goodHistory_isOneFileThatIsTheSameTheNextTime() throws IOException {
    Path first = folder.resolve("first.html");
    Path second = folder.resolve("second.html");
    Path plots = folder.resolve("plots");
    if (!Report.canPlot()) {
      Answer refused = report(first, "--plots", plots);
      assertEquals(1, refused.exit());
      assertTrue(refused.err().contains("install fontconfig"), refused.err());
    }
    Answer answer = Report.canPlot() ? report(first, "--plots", plots) : report(first);
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().startsWith("split known. At a price of 0.1, on 40 held-out runs of 5 tasks, Stopcast saves "), answer.out());
    assertTrue(answer.out().contains("wrote " + first), answer.out());
    if (Report.canPlot()) {
      try (Stream<Path> files = Files.list(plots)) {
        assertEquals(10, files.filter(f -> f.toString().matches(".*/known-0\\.1-[a-z-]+\\.(png|svg)")).count());
      }
    }
    Answer again = report(second, "--json");
    assertEquals(0, again.exit(), again.err());
    JsonNode summary = new ObjectMapper().readTree(again.out());
    assertEquals(Files.size(second), summary.get("bytes").asLong());
    assertTrue(answer.out().contains(summary.at("/headlines/0/headline/lead").asText()), again.out());
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".draft")).toList());
    }
  }

  @Test
  void report_modelAndLatencyAndLearningCurve_areShown() throws IOException {
    Path out = folder.resolve("whole.html");
    Answer answer = report(out, "--model", "champion", "--latency", "--learning-curve", "3,5");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode data = new ObjectMapper().readTree(Jsoup.parse(Files.readString(out)).getElementById("data").data());
    assertTrue(data.at("/model/card").asText().startsWith("# Stop model"));
    assertFalse(data.at("/model/history_sha256").asText().equals(data.at("/history/sha256").asText()));
    assertTrue(data.at("/latency/javaMedian").asDouble() > 0);
    assertTrue(data.at("/latency/onnxP99").asDouble() >= data.at("/latency/onnxMedian").asDouble());
    assertEquals(3, data.at("/learning_curves/0/rows/0/0").asInt());
    assertEquals(2, data.at("/learning_curves/0/rows").size());
  }

  @Test
  void report_promise_isTriedUnderTheSplitThatItIsFor() throws IOException {
    Path out = folder.resolve("promise.html");
    Answer answer = report(out, "--max-regret", "0.2", "--risk", "0.4", "--confidence", "0.6");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(Files.readString(out).contains("the share of runs that lose more than 0.2 (known, price 0.1)"));
    Answer other = report(out, "--max-regret", "0.2", "--unit", "task");
    assertEquals(0, other.exit(), other.err());
    assertTrue(other.err().contains("no promise is tried under 'known'"), other.err());
  }

  @Test
  void report_folderThatIsMissing_isToldBeforeAnythingIsJudged() {
    Answer answer = report(folder.resolve("nowhere/report.html"));
    assertEquals(2, answer.exit());
    assertTrue(answer.err().contains("--out needs a file in a folder that exists, but was "), answer.err());
  }

  @Test
  void report_championOfAnotherHistory_isNotTakenForThisOnes() {
    Answer answer = report(folder.resolve("never.html"), "--latency");
    assertEquals(2, answer.exit());
    assertTrue(answer.err().contains("--latency needs a model to measure; name one by --model"), answer.err());
    assertFalse(Files.exists(folder.resolve("never.html")));
  }

  @Test
  void report_nonsense_isWrongUsage() {
    assertTrue(report(folder.resolve("a.html"), "--horizon", "both").err().contains("a horizon is shown as one of [planned, unknown]"));
    assertTrue(report(folder.resolve("a.html"), "--part", "some").err().contains("there is no part 'some'"));
    assertTrue(report(folder.resolve("a.html"), "--learning-curve", "0").err().contains("numbers of runs from 1 on"));
    assertEquals(2, report(folder.resolve("a.html"), "--part", "some").exit());
  }

  @Test
  void report_oneTaskOnly_leavesOutWhatCannotBeJudged() throws IOException {
    Path small = folder.resolve("small.jsonl");
    Files.write(small, RecordedRuns.history(1, 1, 11).stream().map(run -> Commands.json("test", run)).toList());
    Answer answer = run("report", "--history", small, "--alone", "--folds", 2, "--out", folder.resolve("b.html"));
    assertEquals(4, answer.exit(), answer.err());
    assertTrue(answer.err().contains("the history is too small to be judged"), answer.err());
    assertFalse(Files.exists(folder.resolve("b.html")));
  }
}
