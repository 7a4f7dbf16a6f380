package io.stopcast.feature;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How long it takes to start a run and to look at the earlier ones of its task, a point, against the plain computation.
 * Over 32 points each comes to another cell, so that every look is a new one.
 *
 * <p>{@code mvn -q test-compile && java -cp predictor-runtime/target/classes:predictor-runtime/target/test-classes
 * io.stopcast.feature.HistorySignalsBenchmark}
 */
final class HistorySignalsBenchmark {
  private static final int RUNS_WATCHED = 16;
  private static final long POINTS_A_ROUND = 200_000;
  private static final int STARTS_A_ROUND = 2_000;
  private static final int ROUNDS = 9;
  private static final double PRICE = .1;

  /** Its own time counts only, not that of whatever else runs on the machine. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private HistorySignalsBenchmark() {}

  public static void main(String[] args) {
    for (int earlier : new int[] {8, 64}) {
      for (int length : new int[] {32, 100, 1000}) {
        measure(earlier, length);
      }
    }
  }

  private static void measure(int earlier, int length) {
    TaskHistory history = TaskHistory.of(runs(0, earlier, length).stream().map(EarlierRun::of).toList());
    List<Run> watched = runs(earlier, RUNS_WATCHED, length);
    List<double[]> bests = watched.stream().map(HistorySignalsBenchmark::bests).toList();
    double[][] nanos = new double[4][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) { // in turn, so that a slow spell hits both
      nanos[0][round] = starts(history, watched, true);
      nanos[1][round] = starts(history, watched, false);
      nanos[2][round] = points(history, watched, bests, true);
      nanos[3][round] = points(history, watched, bests, false);
    }
    for (double[] times : nanos) {
      Arrays.sort(times);
    }
    System.out.printf(
        "%3d earlier runs, %4d points: start %6.0f ns (plain %6.0f), look %4.0f ns a point (plain %5.0f)%n",
        earlier, length, nanos[1][ROUNDS / 2], nanos[0][ROUNDS / 2], nanos[3][ROUNDS / 2], nanos[2][ROUNDS / 2]);
  }

  private static List<Run> runs(int first, int count, int length) {
    List<Run> runs = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Random random = new Random(i);
      Map<String, Object> parameters = new HashMap<>();
      for (int k = 0; k < 8; k++) {
        parameters.put("number" + k, Math.rint(20 * random.nextDouble()));
        parameters.put("text" + k, "value" + random.nextInt(3));
      }
      Horizon horizon = Horizon.ofPoints(length);
      RunContext context = new RunContext("s", "t", "r" + i, Curves.OBJECTIVE, horizon, "steps", parameters);
      int shape = 7 * i + i % 2; // those that saturate or slow down
      runs.add(new Run(context, Curves.run(i, Curves.values(shape, length), true), Map.of(), End.COMPLETED));
    }
    return runs;
  }

  private static double[] bests(Run run) {
    double[] bests = run.steps().stream().mapToDouble(Curves.OBJECTIVE::gain).toArray();
    Arrays.parallelPrefix(bests, Math::max);
    return bests;
  }

  private static double starts(TaskHistory history, List<Run> watched, boolean plain) {
    int starts = plain ? STARTS_A_ROUND / 10 : STARTS_A_ROUND;
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < starts; i++) {
      Map<String, Object> parameters = watched.get(i % RUNS_WATCHED).context().parameters();
      if (plain) {
        new PlainHistorySignals(history, parameters);
      } else {
        new HistorySignals(history, parameters);
      }
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - start) / starts;
  }

  private static double points(TaskHistory history, List<Run> watched, List<double[]> bests, boolean plain) {
    Row row = new Row();
    long points = 0;
    long nanos = 0;
    for (int i = 0; points < POINTS_A_ROUND; i = (i + 1) % RUNS_WATCHED) {
      double[] best = bests.get(i);
      Map<String, Object> parameters = watched.get(i).context().parameters();
      if (plain) {
        PlainHistorySignals signals = new PlainHistorySignals(history, parameters);
        long start = THREADS.getCurrentThreadCpuTime();
        for (int k = 0; k < best.length; k++) {
          signals.point(k + 1, (k + 1.0) / best.length, best[k]);
          row.size = 0;
          signals.describe(row);
          signals.describePlans(row, PRICE);
        }
        nanos += THREADS.getCurrentThreadCpuTime() - start;
      } else {
        HistorySignals signals = new HistorySignals(history, parameters);
        long start = THREADS.getCurrentThreadCpuTime();
        for (int k = 0; k < best.length; k++) {
          signals.point(k + 1, (k + 1.0) / best.length, best[k]);
          row.size = 0;
          signals.describe(row);
          signals.describePlans(row, PRICE);
        }
        nanos += THREADS.getCurrentThreadCpuTime() - start;
      }
      points += best.length;
    }
    return (double) nanos / points;
  }

  private static final class Row implements FeatureSink {
    private final float[] into = new float[100];
    private int size;

    @Override
    public void put(String name, double value) {
      into[size++] = (float) value;
    }
  }
}
