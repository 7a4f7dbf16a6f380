package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.family.TableTrials;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdviceTrialsTest {
  private static final Path MODELS = Path.of("..", "models");

  /** Two columns tell the answer, but for noise that is soon learned by heart. */
  private static TrialTask task() {
    Random random = new Random(3);
    double[][] features = new double[160][4];
    double[] targets = new double[features.length];
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < 4; j++) {
        features[i][j] = random.nextGaussian();
      }
      targets[i] = features[i][0] - features[i][1] + random.nextGaussian() > 0 ? 1 : 0;
    }
    TableSource source = new TableSource("toy", "none", Question.LOGLOSS, (self, root) -> null);
    return TableTrials.perceptron(Split.of(new Table(source, features, targets, 2), 1));
  }

  private static String shown(Run run) {
    return run.steps().stream().map(step -> step.toString().replaceAll("cpu_seconds=[^,}]*", "")).collect(Collectors.joining("\n"));
  }

  @Test
  void trainings_oneSeed_doAsTheirArmsSay() throws Exception {
    Map<String, Run> runs = new TreeMap<>();
    for (Run run : AdviceTrials.trainings(task(), 1, ModelRegistry.find("champion", MODELS))) {
      runs.put(run.context().run(), run);
    }
    assertEquals(
        "[advised-0.03-1, advised-0.1-1, advised-0.3-1, combined-0.03-1, combined-0.1-1, combined-0.3-1, constant-1, fixed-1,"
            + " learned-0.03-1, learned-0.1-1, learned-0.3-1, plateau-1]",
        runs.keySet().toString());
    Run constant = runs.get("constant-1");
    Run fixed = runs.get("fixed-1");
    assertEquals(80, fixed.steps().size());
    assertEquals(End.COMPLETED, fixed.end());
    assertEquals(constant.steps().get(0).value("val_logloss"), fixed.steps().get(0).value("val_logloss"));
    assertTrue(fixed.steps().get(79).value("learning_rate") < 0.01 * fixed.steps().get(0).value("learning_rate"));
    assertEquals(constant.steps().get(79).value("learning_rate"), constant.steps().get(0).value("learning_rate"));

    Run learned = runs.get("learned-0.3-1");
    assertEquals(End.EARLY_STOPPED, learned.end());
    assertTrue(shown(constant).startsWith(shown(learned)));

    int changed = 0;
    for (Run run : runs.values()) {
      Object changes = run.context().parameters().getOrDefault(AdviceTraining.CHANGES, "");
      for (String change : changes.toString().split("; ")) {
        if (change.contains("reduce_learning_rate 0.5")) {
          int after = Integer.parseInt(change.substring(0, change.indexOf(' ')));
          double before = run.steps().get(after - 1).value("learning_rate");
          if (after < run.steps().size()) {
            assertEquals(before / 2, run.steps().get(after).value("learning_rate"), 1e-12, run.context().run());
            changed++;
          }
        }
      }
    }
    assertTrue(changed >= 3, changed + " changes");
    for (Run again : AdviceTrials.trainings(task(), 1, ModelRegistry.find("champion", MODELS))) {
      assertEquals(shown(runs.get(again.context().run())), shown(again), "trained again it is the same");
    }
  }

  /** A training with one value an epoch, of which the test value is twice. */
  private static Run run(String task, long seed, AdviceArm arm, double price, double... losses) {
    List<Step> steps = new ArrayList<>();
    double[] tests = new double[losses.length];
    for (int i = 0; i < losses.length; i++) {
      steps.add(Step.of(i + 1, 10 * (i + 1), "loss", losses[i]));
      tests[i] = 2 * losses[i];
    }
    Map<String, Object> parameters = new HashMap<>(Map.of(AdviceTraining.ARM, arm.name(), AdviceTraining.SEED, seed));
    parameters.put(AdviceTraining.PRICE, price);
    parameters.put(AdviceTraining.CHANGES, arm == AdviceArm.ADVISED ? "1 reduce_learning_rate 0.5; 2 scale_batch 2.0 not made" : "");
    RunContext context =
        new RunContext(
            "stopcast", "advice/" + task, arm + "-" + price + "-" + seed, Objective.minimize("loss"), Horizon.ofPoints(4), "samples", parameters);
    return new Run(context, steps, Map.of("test_loss", tests), arm == AdviceArm.FIXED ? End.COMPLETED : End.EARLY_STOPPED);
  }

  /** On two tasks alike: scale 4, from 5 to the best, 1; fixed comes to 2 at 3 of 4 epochs; advised to 1 at 2, others to 3 at 1. */
  @Test
  void markdown_knownTrainings_hasTheirNumbers() {
    List<Run> runs = new ArrayList<>();
    for (String task : List.of("a/x", "b/y")) {
      for (long seed = 1; seed <= 2; seed++) {
        for (AdviceArm arm : AdviceArm.values()) {
          for (double price : AdviceTable.PRICES) {
            double[] losses =
                switch (arm) {
                  case FIXED -> new double[] {5, 3, 2, 2.5};
                  case ADVISED -> new double[] {5, 1};
                  default -> new double[] {5, 3};
                };
            runs.add(run(task, seed, arm, price, losses));
          }
        }
      }
    }
    List<String> lines = new AdviceTable(runs).markdown().lines().toList();
    assertTrue(lines.contains("| 0.1 | fixed schedule | 0.1000 | 100.0 % | 0.0000 |  |  |"), lines.toString());
    assertTrue(
        lines.contains("| 0.1 | advice + learned stop | -0.2000 | 50.0 % | -0.2500 | -0.3000 [-0.3000, -0.3000] | better |"), lines.toString());
    assertTrue(lines.contains("| 0.1 | plateau + patience | 0.3000 | 50.0 % | 0.2500 | 0.2000 [0.2000, 0.2000] | worse |"), lines.toString());
    assertTrue(
        lines.contains("| 0.1 | advice + learned stop | -0.5000 [-0.5000, -0.5000] | better | -0.5000 [-0.5000, -0.5000] | better |"),
        lines.toString());
    assertTrue(
        lines.contains("| advice + learned stop | 0.3 | 0.5000 [0.5000, 0.5000] | 100 % | 0.67 [0.67, 0.67] | 1.0 | 100 % |"), lines.toString());
    assertTrue(lines.contains("| plateau + patience |  | -0.5000 [-0.5000, -0.5000] | 0 % | NaN [NaN, NaN] | 0.0 | 100 % |"), lines.toString());
    assertTrue(
        lines.contains("| `a/x` | 50 %, 0.250 | 50 %, 0.250 | 50 %, 0.250 | 50 %, -0.250 | 50 %, 0.250 |"), lines.toString());
  }

  @Test
  void call_wrongUse_saysWhatThereIs(@TempDir Path folder) throws IOException {
    StringWriter err = new StringWriter();
    int exit = AdviceTrials.commandLine().setErr(new PrintWriter(err, true)).execute("--out", folder.toString(), "--seeds", "0");
    assertEquals(2, exit);
    assertTrue(err.toString().contains("--seeds must be at least 1, but was 0"), err.toString());
  }
}
