package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is committed is what the README and the manifest say. */
class CommittedHistoriesTest {
  private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final Path FOLDER = Path.of("");

  private static List<JsonNode> runs(String file) throws IOException {
    List<JsonNode> runs = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FOLDER.resolve(file))), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        runs.add(JSON.readTree(line));
      }
    }
    return runs;
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> entries = Files.list(FOLDER.toAbsolutePath())) {
      return entries
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(HistoryFile.ENDING))
          .sorted()
          .toList();
    }
  }

  @Test
  void files_allTogether_areTheWholeCatalogue() throws IOException {
    assertEquals(
        List.of("boosting", "control", "convolution", "grokking", "linear", "perceptron", "sequence", "text"),
        files().stream().map(file -> file.replace(HistoryFile.ENDING, "")).toList());
    int runs = 0;
    long bytes = 0;
    Set<String> tasks = new HashSet<>();
    for (String file : files()) {
      bytes += Files.size(FOLDER.resolve(file));
      for (JsonNode run : runs(file)) {
        runs++;
        tasks.add(run.get("task").asText());
      }
    }
    assertTrue(runs >= 2500 && tasks.size() >= 80, runs + " runs over " + tasks.size() + " tasks");
    assertTrue(bytes < 10_000_000, bytes + " bytes");
  }

  @ParameterizedTest
  @MethodSource("files")
  void lines_everyRun_keepsTheForm(String file) throws IOException {
    List<JsonNode> runs = runs(file);
    Set<String> names = new HashSet<>();
    String previous = "";
    for (JsonNode run : runs) {
      String name = run.get("task").asText() + " " + run.get("run").asText();
      assertTrue(names.add(name), name + " comes twice");
      assertTrue(previous.compareTo(name) < 0, name + " comes after " + previous);
      previous = name;
      assertKeepsTheForm(name, run);
    }
  }

  private static void assertKeepsTheForm(String name, JsonNode run) {
    List<String> keys = new ArrayList<>();
    run.fieldNames().forEachRemaining(keys::add);
    assertEquals(
        List.of("source", "task", "run", "context", "objective", "end", "planned", "cost_unit", "labels", "steps"),
        keys,
        name);
    assertEquals("stopcast", run.get("source").asText(), name);
    assertTrue(List.of("samples", "tokens", "env_steps").contains(run.get("cost_unit").asText()), name);
    JsonNode context = run.get("context");
    assertTrue(run.get("task").asText().startsWith(context.get("family").asText() + "/"), name);
    assertTrue(context.hasNonNull("dataset"), name);
    for (String key : List.of("chance", "seed", "code_version", "learning_rate", "sampler")) {
      assertTrue(context.hasNonNull(key), name + " lacks " + key);
    }
    String objective = run.get("objective").get("name").asText();
    String metric = objective.substring("val_".length());
    boolean error = List.of("logloss", "rmse").contains(metric);
    assertEquals(error ? "min" : "max", run.get("objective").get("goal").asText(), name);
    assertEquals("test_" + metric, run.get("labels").get(0).asText(), name);
    assertEquals(run.get("planned").asInt(), run.get("steps").size(), name + " must go to its planned end");
    boolean missing = false;
    long step = 0;
    long cost = 0;
    for (JsonNode point : run.get("steps")) {
      assertTrue(point.get("step").asLong() > step && point.get("cost").asLong() > cost, name + " must go on");
      step = point.get("step").asLong();
      cost = point.get("cost").asLong();
      missing |= !point.get("values").has(objective);
      for (JsonNode value : point.get("values")) {
        assertTrue(value.isNumber() && Double.isFinite(value.asDouble()), name + " at step " + step);
      }
    }
    assertEquals(missing ? "diverged" : "completed", run.get("end").asText(), name);
  }

  @Test
  void plans_everyFamily_areAllThereWithTheirSettings() throws IOException {
    Tables none = new Tables(new DebianPackages(FOLDER.resolve("target/no-packages")));
    for (Family family : Datasets.families(new DebianPackages(FOLDER.resolve("target/no-packages")), none)) {
      List<RunPlan> plans = new ArrayList<>(family.plans());
      plans.sort(Comparator.comparing(RunPlan::task).thenComparing(RunPlan::run));
      List<JsonNode> runs = runs(family.name() + ".jsonl.gz");
      assertEquals(plans.size(), runs.size(), "no run may be left out");
      for (int i = 0; i < plans.size(); i++) {
        assertEquals(plans.get(i).task(), runs.get(i).get("task").asText());
        assertEquals(plans.get(i).run(), runs.get(i).get("run").asText());
        assertEquals(plans.get(i).seed(), runs.get(i).get("context").get("seed").asInt());
        assertEquals(
            ((Number) plans.get(i).settings().values().get("learning_rate")).doubleValue(),
            runs.get(i).get("context").get("learning_rate").asDouble());
      }
    }
  }

  @Test
  void manifest_everyFile_saysWhatIsThere() throws IOException {
    JsonNode manifest = JSON.readTree(FOLDER.resolve("manifest.json").toFile());
    List<String> files = new ArrayList<>();
    for (JsonNode entry : manifest.get("files")) {
      files.add(entry.get("file").asText());
      assertEquals(
          HistoryFile.summary(FOLDER.resolve(entry.get("file").asText())).toPrettyString(), entry.toPrettyString());
    }
    assertEquals(files(), files);
  }
}
