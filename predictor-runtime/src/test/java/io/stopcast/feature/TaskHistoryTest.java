package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskHistoryTest {
  static Run run(long seed, int length, Map<String, Object> parameters) {
    return run(Curves.run(seed, length, true), parameters);
  }

  private static Run run(List<io.stopcast.run.Step> steps, Map<String, Object> parameters) {
    RunContext context =
        new RunContext(
            "s", "t", "r", Curves.OBJECTIVE, Horizon.ofPoints(steps.size()), "samples", parameters);
    return new Run(context, steps, Map.of(), End.COMPLETED);
  }

  private static TaskHistory history(int seed) {
    return TaskHistory.of(runs(seed));
  }

  private static List<EarlierRun> runs(int seed) {
    Random random = new Random(seed);
    List<EarlierRun> runs = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(20); i++) {
      Map<String, Object> parameters =
          random.nextBoolean()
              ? Map.of("rate", random.nextDouble(), "optimizer", "sgd" + random.nextInt(3), "seed", (long) i)
              : Map.of("optimizer", "adam", "layers", (long) random.nextInt(4));
      runs.add(EarlierRun.of(run(7L * seed + i, 20 + random.nextInt(100), parameters)));
    }
    return runs;
  }

  private static byte[] written(TaskHistory history) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    history.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static TaskHistory read(byte[] bytes) throws IOException {
    return TaskHistory.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void scaleOf_runs_isThatOfTheirHistory(int seed) {
    assertEquals(history(seed).scale(), TaskHistory.scaleOf(runs(seed)));
    assertEquals(Double.NaN, TaskHistory.scaleOf(List.of()));
  }

  @Test
  void earlierRun_points_becomeEqualPartsOfTheRunningBest() {
    double[] values = new double[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 4 == 0 ? i : -5; // 0 -5 -5 -5 4 -5 ...
    }
    EarlierRun run = EarlierRun.of(run(Curves.run(1, values, true), Map.of()));

    assertEquals(0, run.first());
    assertEquals(64, run.points());
    for (int k = 0; k < EarlierRun.CELLS; k++) {
      assertEquals((2 * k + 1) / 4 * 4, run.best()[k], "after " + (2 * k + 2) + " points");
    }
  }

  @Test
  void earlierRun_fewerPointsThanParts_repeatsThem() {
    EarlierRun run = EarlierRun.of(run(Curves.run(1, new double[] {1, 2, 4}, true), Map.of()));

    assertEquals(1, run.best()[0]);
    assertEquals(2, run.best()[15]);
    assertEquals(4, run.best()[EarlierRun.CELLS - 1]);
  }

  @Test
  void earlierRun_nothingUsable_saysWhich() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> EarlierRun.of(run(Curves.run(1, new double[] {Double.NaN, 1e301}, true), Map.of())));
    assertEquals("run 'r' has no usable value of 'val_accuracy' that others could learn from", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void read_whatWasWritten_isEqual(int seed) throws IOException {
    TaskHistory history = history(seed);

    TaskHistory again = read(written(history));

    assertArrayEquals(written(history), written(again));
    assertEquals(history.scale(), again.scale());
    assertEquals(history.runs().size(), again.runs().size());
    for (int i = 0; i < history.runs().size(); i++) {
      assertArrayEquals(history.runs().get(i).best(), again.runs().get(i).best());
      assertEquals(history.runs().get(i).parameters(), again.runs().get(i).parameters());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void of_curves_keepWithinAThousandthOfTheScale(int seed) {
    List<EarlierRun> exact = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      exact.add(EarlierRun.of(run(100L * seed + i, 50, Map.of())));
    }
    TaskHistory history = TaskHistory.of(exact);
    double highest = history.runs().stream().mapToDouble(EarlierRun::last).max().orElseThrow();
    double lowest = highest - 16 * history.scale();

    for (int i = 0; i < exact.size(); i++) {
      for (int k = 0; k < EarlierRun.CELLS; k++) {
        double value = Math.max(lowest, exact.get(i).best()[k]);
        assertEquals(value, history.runs().get(i).best()[k], history.scale() / 1000);
      }
    }
  }

  @Test
  void of_parameters_keepsOnlyWhereRunsDiffer() {
    List<EarlierRun> runs = new ArrayList<>();
    for (long i = 0; i < 3; i++) {
      runs.add(EarlierRun.of(run(i, 30, Map.of("rate", i / 10.0, "optimizer", "adam", "seed", i, "wide", i == 1))));
    }

    assertEquals(Map.of("rate", 0.1, "wide", "true"), TaskHistory.of(runs).runs().get(1).parameters());
  }

  @Test
  void of_noRuns_isNone() throws IOException {
    assertSame(TaskHistory.NONE, TaskHistory.of(List.of()));
    assertSame(TaskHistory.NONE, read(written(TaskHistory.NONE)));
  }

  /** Whatever a stranger changes, it is read or refused: nothing else is thrown, and nothing large is allocated. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void read_changedBytes_areReadOrRefused(int seed) throws IOException {
    byte[] bytes = written(history(seed));
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] changed = bytes.clone();
      for (int k = 0; k <= random.nextInt(3); k++) {
        changed[random.nextInt(Math.min(changed.length, 300))] = (byte) random.nextInt(256);
      }
      try {
        for (EarlierRun run : read(changed).runs()) {
          for (float value : run.best()) {
            assertTrue(Float.isFinite(value));
          }
        }
      } catch (IOException e) {
        refused++;
      }
    }
    assertTrue(refused > 0);
  }
}
