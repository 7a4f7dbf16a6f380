package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Datasets.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void list_emptyWorkFolder_countsPlansWithoutAnyData() {
    int status = run("--list", "--family", "b", "--work", folder.resolve("work").toString());

    assertEquals(0, status, err.toString());
    assertTrue(out.toString().contains("B boosting: 540 runs planned, 0 finished in "), out.toString());
    assertTrue(out.toString().contains("r-cran-mlbench"), out.toString());
  }

  @Test
  void call_finishedRunsWithoutResume_asksWhatIsMeant() throws IOException {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(work.resolve("one.json"), "{}");

    int status = run("--work", work.toString(), "--out", folder.resolve("out").toString());

    assertEquals(2, status);
    assertTrue(
        err.toString().startsWith(
            "work folder " + work + " already holds 1 finished runs. Add --resume to keep them, or remove it"),
        err.toString());
  }

  @Test
  void call_packageWithoutTheFile_failsWithTheFilesName() throws IOException {
    Path cache = folder.resolve("cache");
    Files.createDirectories(cache.resolve("r-cran-modeldata"));

    int status =
        run(
            "--family", "B",
            "--data-cache", cache.toString(),
            "--work", folder.resolve("work").toString(),
            "--out", folder.resolve("out").toString());

    assertEquals(1, status);
    assertTrue(err.toString().startsWith("stopcast datasets: cannot read table 'ad_data' from "), err.toString());
  }

  @Test
  void call_unknownFamily_namesThoseThatAre() {
    int status = run("--list", "--family", "b,z", "--work", folder.resolve("work").toString());

    assertEquals(2, status);
    assertTrue(err.toString().startsWith("there is no family 'Z' here, but [A, B, C, D, E, F]; "), err.toString());
  }
}
