package io.stopcast.cli;

import static io.stopcast.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.cli.Commands.Answer;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.StopPolicy;
import io.stopcast.sweep.RankedSweep;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesCommandTest {
  /** The one that is shipped. */
  private static final Path MODELS = Path.of("..", "models");

  @TempDir private Path folder;
  private Path history;

  /** Runs that leap at first and wiggle, and at two thirds or a third of their 30 points, by their kind, leap again. */
  @BeforeEach
  void writeHistory() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int task = 0; task < 6; task++) {
      for (int i = 0; i < 8; i++) {
        StringBuilder steps = new StringBuilder();
        for (int t = 1; t <= 30; t++) {
          double value = (t > 1 ? .6 : 0) + (t > 10 * (1 + task % 2) ? .4 : 0) + 1e-6 * ((t * 7 + i) % 5);
          steps.append(t == 1 ? "" : ",").append("{\"step\":%d,\"cost\":%d,\"values\":{\"m\":%s}}".formatted(t, t, value));
        }
        lines.add(
            ("{\"source\":\"lab\",\"task\":\"t/d%d\",\"run\":\"r%d-%d\",\"context\":{\"kind\":\"k%d\",\"lr\":%d},\"objective\":{\"name\":\"m\",\"goal\":\"max\"},"
                    + "\"end\":\"completed\",\"planned\":30,\"cost_unit\":\"epochs\",\"steps\":[%s]}")
                .formatted(task, task, i, task % 2, 100 * task + i, steps));
      }
    }
    history = folder.resolve("history.jsonl");
    Files.write(history, lines);
  }

  @Test
  void policies_sweeps_writesTreesThatRankRuns() throws Exception {
    Path file = folder.resolve("sweep.onnx");
    Answer answer = run("policies", "--history", history, "--price", .3, "--sweeps", "--alone", "--out", file);
    assertEquals(0, answer.exit(), answer.err());
    assertEquals("48 runs; 100 trees for the runs of a sweep at price 0.3; wrote " + file + System.lineSeparator(), answer.out());
    RankedSweep ranked = RankedSweep.of(StopPolicy.NEVER, ModelFile.read(file), .3, 1);
    assertEquals(.5, ranked.threshold());
    assertFalse(Files.exists(folder.resolve("sweep.onnx.draft")));
  }

  @Test
  void policies_sweepsAndMore_isRefused() {
    Answer answer = run("policies", "--history", history, "--price", .3, "--sweeps", "--judge");
    assertEquals(2, answer.exit());
    assertTrue(answer.err().contains("--sweeps writes trees to --out FILE"), answer.err());
    answer = run("policies", "--history", history, "--sweeps", "--price", ".1,.3", "--out", folder.resolve("x.onnx"));
    assertEquals(2, answer.exit());
    assertTrue(answer.err().contains("for one price"), answer.err());
  }

  @Test
  void policies_learned_areReplayedAndWatchedBy() throws IOException {
    Path file = folder.resolve("policies.yaml");
    Answer answer =
        run("policies", "--history", history, "--price", .3, "--split", "unseen-task", "--folds", 3, "--by", "kind", "--out", file);
    assertEquals(0, answer.exit(), answer.err());
    PolicyFile learned = PolicyFile.read(file);
    assertEquals(1, learned.contexts().size(), Files.readString(file));
    assertTrue(answer.out().startsWith("48 runs; 1 contexts, otherwise " + learned.otherwise() + "; wrote "), answer.out());

    Path csv = folder.resolve("stops.csv");
    Answer replayed =
        run("replay", "--model", "champion", "--models", MODELS, "--price", .1, "--policies", file, "--out", csv, history);
    assertEquals(0, replayed.exit(), replayed.err());
    List<String> rows = Files.readAllLines(csv);
    String[] early = rows.get(1).split(",");
    String[] late = rows.get(9).split(",");
    assertNotEquals(early[3], late[3], rows.get(1) + "\n" + rows.get(9));

    String live = Files.readAllLines(history).get(8);
    String header = live.substring(0, live.indexOf(",\"end\"")) + ",\"planned\":30,\"cost_unit\":\"epochs\"}\n";
    String steps = live.substring(live.indexOf("[{") + 1, live.lastIndexOf(']')).replace("}},", "}}\n") + "\n";
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((header + steps).getBytes(StandardCharsets.UTF_8)));
    try {
      Answer watched = run("watch", "--model", "champion", "--models", MODELS, "--policies", file);
      assertEquals(0, watched.exit(), watched.out() + watched.err());
      long step = watched.out().lines().takeWhile(line -> !line.contains("\"stop\"")).count() + 1;
      assertEquals(late[3], String.valueOf(step), watched.out());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void policies_judged_printsATableAndWritesNothing() {
    Answer answer = run("policies", "--history", history, "--judge", "--split", "known", "--price", .1, "--folds", 3, "--by", "kind");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains("| known | 0.1 | rules by context | "), answer.out());
    assertTrue(answer.out().contains("| known | 0.1 | best rule on training part | "), answer.out());
  }

  @Test
  void policies_nothingToGain_saysSoAndWritesNoFile() throws IOException {
    Path file = folder.resolve("policies.yaml");
    Files.write(history, Files.readAllLines(history).stream().filter(line -> line.contains("\"k0\"")).toList());
    Answer answer = run("policies", "--history", history, "--price", .1, "--split", "known", "--by", "task", "--out", file);
    assertEquals(Stopcast.BAD_DATA, answer.exit(), answer.out());
    assertTrue(answer.err().contains("no file is written: on this history nothing is gained over one policy for all runs, which is "), answer.err());
    assertFalse(Files.exists(file));
  }

  @Test
  void policies_wrongUsage_saysWhatWouldBeRight() throws IOException {
    Path file = folder.resolve("policies.yaml");
    assertEquals(
        "stopcast: policies needs --out FILE to write what it learns, or --judge to judge it\n", run("policies", "--history", history).err());
    assertTrue(run("policies", "--history", history, "--out", file).err().contains("a file is for one price and one --split"));
    Answer unknown = run("policies", "--history", history, "--price", .1, "--split", "known", "--by", "optimzer", "--out", file);
    assertEquals(Stopcast.USAGE, unknown.exit());
    assertTrue(unknown.err().contains("no run says what its 'optimzer' is; they have ["), unknown.err());

    Files.writeString(file, "contexts:\n- when:\n    task: a\n  policy: patience(0 steps)\notherwise: never\n");
    Answer bad =
        run("replay", "--model", "champion", "--models", MODELS, "--price", .1, "--policies", file, "--out", folder.resolve("x"), history);
    assertEquals(Stopcast.BAD_DATA, bad.exit());
    assertTrue(bad.err().contains(file + ", line 4: 'patience(0 steps)': patience must be at least 1 step, but was 0"), bad.err());
  }
}
