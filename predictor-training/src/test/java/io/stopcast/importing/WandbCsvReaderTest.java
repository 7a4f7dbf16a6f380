package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WandbCsvReaderTest {
  private static final String CSV =
      """
      "Step","calm-sea-1 - val/loss","calm-sea-1 - val/loss__MIN","calm-sea-1 - val/loss__MAX","a - b - val/loss","a - b - val/loss__MIN","a - b - val/loss__MAX"
      "0","0.5","0.4","0.6","","",""
      "10","0.25","0.2","0.3","NaN","NaN","NaN"
      """;

  private final LogReader reader = new WandbCsvReader();
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void makeFolder() throws IOException {
    file = Files.createDirectories(temp.resolve("digits")).resolve("wandb_export.csv");
  }

  private CollectedLogs read(String text) throws IOException {
    Files.writeString(file, text);
    return CollectedLogs.of(reader, file);
  }

  @Test
  void read_columns_areRuns() throws IOException {
    CollectedLogs logs = read(CSV);
    assertTrue(reader.recognizes(LogPlace.of(file)));
    assertEquals(List.of("digits | calm-sea-1", "digits | a - b"), List.copyOf(logs.runs.keySet()));
    assertEquals(List.of("0=0.5", "10=0.25"), logs.runs.get("digits | calm-sea-1").curve("val/loss"));
    assertEquals(List.of("10=NaN"), logs.runs.get("digits | a - b").curve("val/loss"));
    assertEquals(List.of("val/loss"), logs.runs.get("digits | a - b").metrics());
    assertEquals(List.of(), logs.skipped);
  }

  @Test
  void read_twoRunsOfOneName_areKeptApartAndTold() throws IOException {
    CollectedLogs logs = read("Step,r - x,r - x__MIN,r - x__MAX,r - x\n1,2,2,2,3\n");
    assertEquals(List.of("digits | r", "digits | r (2)"), List.copyOf(logs.runs.keySet()));
    assertEquals(1, logs.repaired.size());
  }

  @Test
  void read_badCellsAndSteps_areLeftOutAndTold() throws IOException {
    CollectedLogs logs = read(CSV + "\"1.5\",\"1\"\n\"20\",\"many\",\"\",\"\"\n\"30\",\"0.125\"\n");
    assertEquals(List.of("0=0.5", "10=0.25", "30=0.125"), logs.runs.get("digits | calm-sea-1").curve("val/loss"));
    assertEquals(
        List.of(
            file + " line 4: expected a whole step in the first column, found '1.5'",
            file + " line 5: expected a number in column 2, found 'many'"),
        logs.skipped);
  }

  @Test
  void read_tooManyColumns_isRefused() throws IOException {
    Files.writeString(file, "Step" + ",r - x__MIN".repeat(1_000_000));
    ImportException refusal = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertTrue(refusal.getMessage().startsWith(file + ": "), refusal.getMessage());
  }

  @Test
  void read_otherCsv_isRefused() throws IOException {
    Files.writeString(file, "epoch,loss\n1,2\n");
    assertFalse(reader.recognizes(LogPlace.of(file)));
    ImportException refusal = assertThrows(ImportException.class, () -> CollectedLogs.of(reader, file));
    assertTrue(refusal.getMessage().contains("found 'epoch,loss'"), refusal.getMessage());
  }

  @Test
  void read_anyBytes_neverThrowsAnythingElse() throws Exception {
    ReaderFuzz.run(reader, file, List.of(CSV.getBytes(StandardCharsets.UTF_8)));
  }
}
