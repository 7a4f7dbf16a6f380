package io.stopcast.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWriterTest {
  private static final Run RUN =
      new Run(
          new RunContext(
              "s",
              "t \"quoted\"",
              "r\u001b",
              Objective.minimize("val_loss"),
              new Horizon(7, 2.5),
              "tokens",
              Map.of("lr", 1e-4, "seed", 3L, "warm", true, "opt", "adam")),
          List.of(
              Step.of(1, 0.5, Map.of("val_loss", 0.25, "train_loss", 3.0)),
              Step.of(1L << 40, 2.5, Map.of("val_loss", Double.NaN, "train_loss", Double.POSITIVE_INFINITY))),
          Map.of("em", new double[] {0.5, Double.NaN}),
          End.BUDGET_OR_CRASH);

  @Test
  void write_thenRead_isTheSameRun(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("runs.jsonl");
    try (RunWriter writer = new RunWriter(Files.newOutputStream(path))) {
      writer.write(RUN);
    }
    Run read = History.read(List.of(path), History.Options.STRICT).runs().get(0);
    assertEquals(RUN.context().objective(), read.context().objective());
    assertEquals(RUN.context().horizon(), read.context().horizon());
    assertEquals(RUN.context().task(), read.context().task());
    assertEquals(RUN.context().run(), read.context().run());
    assertEquals(Map.of("lr", 1e-4, "seed", 3.0, "warm", true, "opt", "adam"), read.context().parameters());
    assertEquals(RUN.end(), read.end());
    assertArrayEquals(RUN.labels().get("em"), read.labels().get("em"));
    assertEquals(0.25, read.steps().get(0).value("val_loss"));
    assertEquals(1L << 40, read.steps().get(1).index());
  }

  @Test
  void line_valueThatIsNotFinite_isLeftOut() {
    assertFalse(RunWriter.line(RUN).contains("NaN") || RunWriter.line(RUN).contains("Inf"), RunWriter.line(RUN));
  }
}
