package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Tables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three runs of each family in Java are trained again and must be the committed ones bit for bit, time aside. */
class RetrainedRunsTest {
  private static final DebianPackages PACKAGES = new DebianPackages(Path.of("target/packages").toAbsolutePath());
  private static final Tables TABLES = new Tables(PACKAGES);

  private static Family family(String name) {
    return Datasets.families(PACKAGES, TABLES).stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static RunPlan plan(Family family, String task, String run) {
    return family.plans().stream()
        .filter(plan -> plan.task().equals(task) && plan.run().equals(run))
        .findFirst()
        .orElseThrow();
  }

  private static String committed(String family, String task, String run) throws IOException {
    Path file = Path.of(family + HistoryFile.ENDING);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      String start = "{\"source\":\"stopcast\",\"task\":\"%s\",\"run\":\"%s\",".formatted(task, run);
      return lines.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }
  }

  private static void assertTrainsAgain(String name) throws IOException {
    String family = name.substring(0, name.indexOf('/'));
    String task = name.substring(0, name.lastIndexOf('/'));
    String run = name.substring(name.lastIndexOf('/') + 1);
    Family trained = family(family);

    String line =
        new String(RunWriter.line(trained.train(plan(trained, task, run))), StandardCharsets.UTF_8).strip();

    assertEquals(HistoryFile.withoutTimes(committed(family, task, run)), HistoryFile.withoutTimes(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "control/cartpole/003",
        "control/gridworld-cliff/002",
        "control/mountain-car-held/001",
        "grokking/add-mod-23/011",
        "grokking/cubic-mod-23/009",
        "grokking/cubic-mod-23/011"
      })
  void train_familyWithoutData_givesTheCommittedBits(String name) throws IOException {
    assertTrainsAgain(name);
  }

  /** Where the packages with the data cannot be had, there is nothing to train on. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "perceptron/Ozone/004",
        "perceptron/Sonar/002",
        "perceptron/Vehicle/003",
        "boosting/Ozone/004",
        "boosting/Sonar/002",
        "boosting/Vehicle/003",
        "linear/Ozone/004",
        "linear/Sonar/002",
        "linear/Vehicle/003",
        "text/syllables/002",
        "text/syllables/011",
        "text/syllables/020"
      })
  void train_familyOnFetchedData_givesTheCommittedBits(String name) throws IOException {
    try {
      PACKAGES.root(name.startsWith("text/") ? "festlex-cmu" : "r-cran-mlbench");
    } catch (IOException e) {
      abort("the data for " + name + " cannot be fetched here: " + e.getMessage());
    }
    assertTrainsAgain(name);
  }
}
