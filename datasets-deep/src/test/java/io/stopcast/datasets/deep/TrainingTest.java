package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.family.RunLog;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.Settings;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole runs of both families, tiny ones; without any data from outside. */
class TrainingTest {
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "optimizer", "adam",
          "schedule", "cosine",
          "warmup", 0.05,
          "weight_decay", 0.0,
          "clip", 1.0,
          "batch_size", 32L);

  private static RunPlan plan(String task, double rate, double noise, long rows, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(SETTINGS);
    settings.put("learning_rate", rate);
    settings.put("label_noise", noise);
    settings.put("train_rows", rows);
    settings.putAll(more);
    return new RunPlan(task, "001", 7, new Settings(settings));
  }

  private static Run sequence(String task, double rate, double noise, long rows, long points, long steps) {
    Map<String, Object> more =
        Map.of("width", 32L, "layers", 2L, "heads", 2L, "points", points, "steps_per_point", steps);
    return Sequences.train(plan("sequence/" + task, rate, noise, rows, more), SequenceTasks.of(task));
  }

  private static Run images(String task, double rate, double noise, long points, long steps) {
    Map<String, Object> more = Map.of("channels", 4L, "points", points, "steps_per_point", steps);
    return Convolution.train(plan("convolution/" + task, rate, noise, 500, more), ImageSet.shapes());
  }

  private static double last(Run run, String metric) {
    return run.steps().get(run.steps().size() - 1).value(metric);
  }

  private static double chance(Run run) {
    return (double) run.context().parameters().get("chance");
  }

  private static void assertSame(Run expected, Run actual) {
    assertEquals(expected.context(), actual.context());
    assertEquals(expected.end(), actual.end());
    assertEquals(expected.labels().keySet(), actual.labels().keySet());
    expected.labels().forEach((name, values) -> assertArrayEquals(values, actual.labels().get(name)));
    assertEquals(rows(expected), rows(actual));
  }

  private static List<String> rows(Run run) {
    return run.steps().stream().map(TrainingTest::row).toList();
  }

  private static String row(Step step) {
    StringBuilder row = new StringBuilder(step.index() + " " + step.cost());
    for (String name : step.names()) {
      if (!name.equals(RunLog.CPU_SECONDS)) {
        row.append(' ').append(name).append('=').append(step.value(name));
      }
    }
    return row.toString();
  }

  @Test
  void train_sequenceTwice_givesTheSameRun() {
    assertSame(sequence("roman", 0.003, 0.2, 200, 5, 60), sequence("roman", 0.003, 0.2, 200, 5, 60));
  }

  @Test
  void train_imagesTwice_givesTheSameRun() {
    assertSame(images("fashion-few", 0.003, 0.2, 5, 20), images("fashion-few", 0.003, 0.2, 5, 20));
  }

  @Test
  void train_sensibleReverse_isSoonRight() {
    Run run = sequence("reverse", 0.005, 0, 0, 4, 100);

    assertTrue(chance(run) < 0.01);
    assertTrue(last(run, "val_exact_match") > 0.5, () -> String.join("\n", rows(run)));
    assertEquals(End.COMPLETED, run.end());
    assertEquals(4 * 100 * 32 * 17, run.steps().get(3).cost()); // abcdefgh=hgfedcba
    assertEquals(4 * 100 * 32, last(run, "samples"));
  }

  @Test
  void train_sensibleImages_beatsChance() {
    Run run = images("shapes", 0.005, 0, 6, 40);

    assertTrue(last(run, "val_accuracy") > chance(run) + 0.4, () -> String.join("\n", rows(run)));
    assertEquals(List.of("test_accuracy"), List.copyOf(run.labels().keySet()));
  }

  @Test
  void train_absurdRate_goesOnToThePlannedEnd() {
    Run run = images("shapes", 1e36, 0, 6, 5);

    assertEquals(End.DIVERGED, run.end());
    assertEquals(6, run.steps().size());
    assertTrue(Double.isNaN(last(run, "val_accuracy")));
    assertEquals(6 * 5 * 32, run.steps().get(5).cost());
  }
}
