package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of earlier runs against the plain computation, over random histories and runs. */
class HistorySignalsReferenceTest {
  private static final double TOLERANCE = 1e-9;
  private static final int SEEDS = 40;

  /** One task: each run of the shape of its seed, or the same as another. */
  private static TaskHistory history(int count, Random random) {
    List<EarlierRun> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i > 0 && random.nextInt(4) == 0) {
        runs.add(runs.get(random.nextInt(i)));
        continue;
      }
      int length = 1 + random.nextInt(random.nextBoolean() ? 20 : 200);
      double[] values = Curves.values(random.nextInt(1000), length);
      RunContext context =
          new RunContext("s", "t", "r" + i, Curves.OBJECTIVE, Horizon.UNKNOWN, "steps", parameters(random));
      runs.add(EarlierRun.of(new Run(context, Curves.run(i, values, true), Map.of(), End.COMPLETED)));
    }
    return TaskHistory.of(runs);
  }

  private static Map<String, Object> parameters(Random random) {
    Map<String, Object> parameters = new HashMap<>();
    if (random.nextInt(5) > 0) {
      parameters.put("rate", random.nextGaussian());
      parameters.put("layers", (long) random.nextInt(4));
      parameters.put("zero", random.nextBoolean() ? 0.0 : -0.0);
    }
    if (random.nextBoolean()) {
      parameters.put("optimizer", random.nextBoolean() ? "adam" : "sgd");
      parameters.put("mixed", random.nextBoolean() ? (Object) "none" : random.nextInt(3) / 2.0);
      parameters.put("wide", random.nextBoolean());
    }
    return parameters;
  }

  private static Horizon horizon(int length, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Horizon.UNKNOWN;
      case 1 -> Horizon.ofCost(length / 2.0);
      case 2 -> Horizon.ofPoints(1 + length / 2); // goes on for longer than planned
      default -> Horizon.ofPoints(length);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 6, 7, 64, 150})
  void describe_everyPoint_equalsThePlainComputation(int count) {
    int known = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(31L * seed + count);
      TaskHistory history = history(count, random);
      Map<String, Object> parameters = random.nextInt(4) == 0 ? Map.of() : parameters(random);
      int length = 1 + random.nextInt(120);
      List<Step> steps = Curves.run(seed, Curves.values(random.nextInt(1000), length), false);
      Horizon horizon = horizon(length, random);
      PlainHistorySignals plain = new PlainHistorySignals(history, parameters);
      HistorySignals signals = new HistorySignals(history, parameters);
      double best = Double.NaN;
      long points = 0;
      for (Step step : steps) {
        double gain = Curves.OBJECTIVE.gain(step);
        best = Curve.isUsable(gain) && !(gain <= best) ? gain : best;
        double progress = horizon.progress(++points, step.cost());
        plain.point(points, progress, best);
        signals.point(points, progress, best);
        if (random.nextInt(4) > 0) { // not every point is looked at
          known += assertSame(plain, signals, random.nextDouble(), "seed " + seed + ", point " + points);
        }
      }
    }
    assertEquals(count > 0, known > 0);
  }

  /** Returns how many of the features are known. */
  private static int assertSame(PlainHistorySignals plain, HistorySignals signals, double price, String where) {
    List<String> names = new ArrayList<>();
    double[] expected = new double[100];
    plain.describe((name, value) -> expected[add(names, name)] = value);
    plain.describePlans((name, value) -> expected[add(names, name)] = value, price);
    List<String> actualNames = new ArrayList<>();
    double[] actual = new double[100];
    signals.describe((name, value) -> actual[add(actualNames, name)] = value);
    signals.describePlans((name, value) -> actual[add(actualNames, name)] = value, price);
    assertEquals(names, actualNames);
    for (int i = 0; i < names.size(); i++) {
      double e = expected[i];
      double a = actual[i];
      String name = names.get(i);
      assertTrue(
          Math.abs(a - e) <= TOLERANCE * (1 + Math.abs(e)) || Double.isNaN(e) && Double.isNaN(a),
          () -> "%s, %s: expected %s, but was %s".formatted(where, name, e, a));
    }
    return (int) Arrays.stream(expected, 0, names.size()).filter(v -> !Double.isNaN(v)).count() - 1; // prior.runs
  }

  private static int add(List<String> names, String name) {
    names.add(name);
    return names.size() - 1;
  }
}
