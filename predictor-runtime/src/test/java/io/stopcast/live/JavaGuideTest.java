package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.policy.Budget;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.NonFinite;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.Target;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import io.stopcast.sweep.IncumbentAware;
import io.stopcast.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/java.md} shows of the runtime compiles, runs, and stands there as it stands here; integrations check their own. */
class JavaGuideTest {
  private static final Logger log = Logger.getLogger("guide");
  private static final RunContext RUN = RunContext.of(Objective.maximize("val_accuracy")).withHorizon(Horizon.ofPoints(200));

  /** Shown by ReadmeTest, the three integrations, and, for what needs the training module, by nobody but the compiler of its tests. */
  private static final int ELSEWHERE = 5;

  private Watcher watcher;
  private ModelFile file;

  @BeforeEach
  void open() throws Exception {
    log.setLevel(Level.OFF);
    file = ModelFile.read(Path.of("..", "models", "versions", "0001", "model.onnx"));
    watcher = Watcher.following(Path.of("..", "models"), "champion", 0.1);
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  private static void train(StopPolicy.Watch watch, int epochs) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      watch.observe(Step.of(epoch, epoch, "val_accuracy", 1 - 1.0 / epoch));
    }
  }

  @Test
  void context() {
    int epoch = 1;
    double samplesSeen = 60_000;
    // from here
    RunContext run =
        new RunContext(
            "lab", "mnist/mlp", "r17", Objective.minimize("val_loss"), Horizon.ofPoints(100), "samples", Map.of("learning_rate", 0.01, "optimizer", "adam"));
    Step step = Step.of(epoch, samplesSeen, Map.of("val_loss", 0.41, "train_loss", 0.39));
    // to here
    assertEquals(-0.41, run.objective().gain(step));
  }

  @Test
  void plain() throws Exception {
    RunContext run = RUN;
    Path models = Path.of("..", "models");
    Step step = Step.of(1, 1, "val_accuracy", 0.5);
    // from here
    ModelFile file = ModelFile.read(models.resolve("versions/0001/model.onnx"));
    StopPolicy.Watch watch = LearnedPolicy.of(file, 0.1).watch(run);
    if (watch.observe(step) instanceof Decision.Stop stop) {
      log.info(stop.reason());
    }
    // to here
    assertTrue(Double.isNaN(watch.score()), "one point is not judged");
  }

  @Test
  void crash() throws Exception {
    RunContext run = RUN;
    GuardedWatch watch = watcher.watch(run);
    train(watch, 20);
    // from here
    byte[] snapshot = watch.snapshot();
    GuardedWatch resumed = watcher.resume(run, snapshot);
    // to here
    Step next = Step.of(21, 21, "val_accuracy", 0.9);
    assertEquals(watch.observe(next).isStop(), resumed.observe(next).isStop());
    assertEquals(watch.score(), resumed.score());
    assertTrue(snapshot.length < 10_000, snapshot.length + " bytes");
  }

  @Test
  void composition() {
    // from here
    StopPolicy policy = LearnedPolicy.of(file, 0.1);
    StopPolicy careful = policy.notBeforeShare(0.2).and(new Patience(5));
    StopPolicy limited = policy.or(Budget.ofCost(1e9)).or(new NonFinite(3)).or(Target.reached(0.99));
    StopPolicy useful = policy.unlessBelow(0.8);
    // to here
    assertFalse(careful.watch(RUN).observe(Step.of(1, 1, "val_accuracy", 0.5)).isStop());
    assertTrue(limited.watch(RUN).observe(Step.of(1, 1, "val_accuracy", 0.995)).isStop());
    assertFalse(useful.watch(RUN).observe(Step.of(1, 1, "val_accuracy", 0.5)).isStop());
  }

  @Test
  void hybrid() {
    // from here
    HybridObjective hybrid = HybridObjective.weightedSum(List.of(Objective.maximize("val_accuracy"), Objective.minimize("latency")), 0.9, 0.1);
    StopPolicy combined = new Patience(10).on(hybrid);
    // to here
    assertFalse(combined.watch(RUN).observe(Step.of(1, 1, Map.of("val_accuracy", 0.5, "latency", 20.0))).isStop());
  }

  @Test
  void why() {
    GuardedWatch watch = watcher.watch(RUN);
    train(watch, 30);
    // from here
    watch.outlook().ifPresent(outlook -> log.info(outlook.toString()));
    watch.attribution().ifPresent(why -> log.info(why.schema().names().get(why.forStopping().get(0)) + " speaks for stopping most"));
    // to here
    assertTrue(watch.outlook().isPresent() && watch.attribution().isPresent());
  }

  @Test
  void shadow() {
    RunContext run = RUN;
    List<String> lines = new ArrayList<>();
    // from here
    GuardedWatch watch = watcher.watch(run, DecisionLog.shadow(lines::add));
    // watch.observe(step) as ever, whatever it says; then
    watch.close(End.COMPLETED);
    // to here
    assertEquals(2, lines.size());
  }

  @Test
  void explore() throws ModelRejectedException {
    RunContext run = RUN;
    List<String> lines = new ArrayList<>();
    Path model = Path.of("..", "models", "versions", "0001", "model.onnx");
    // from here
    Watcher exploring = Watcher.of(model, 0.1, Guard.DEFAULT.around(learned -> learned.withProbability(0.9, 11)));
    GuardedWatch watch = exploring.watch(run, DecisionLog.acting(lines::add));
    // to here
    watch.close(End.COMPLETED);
    exploring.close();
    assertTrue(lines.get(0).contains("\"stop_probability\":0.9,\"exempt\":"), lines.get(0));
  }

  @Test
  void record(@TempDir Path folder) throws IOException {
    RunContext run = RUN;
    Recording watch = RecordingPolicy.into(folder.resolve("recordings"), LearnedPolicy.of(file, 0.1)).watch(run);
    watch.close(End.COMPLETED);
    assertTrue(watch.failure().isEmpty());
    // The guide records into the working directory, which a test leaves alone.
    String shown = String.join("\n", blocks().stream().filter(block -> block.contains("RecordingPolicy")).findFirst().orElseThrow());
    assertTrue(shown.startsWith("Recording watch = RecordingPolicy.into(Path.of(\"recordings\"), LearnedPolicy.of(file, 0.1)).watch(run);\n"), shown);
  }

  @Test
  void draw() throws Exception {
    RunContext run = RUN;
    Path models = Path.of("..", "models");
    long seed = 0;
    while (!StopPolicy.NEVER.withProbability(0.97, seed).isExempt(run)) {
      seed++;
    }
    exempt(run, models, seed);
  }

  private static void exempt(RunContext run, Path models, long seed) throws Exception {
    // from here
    Watcher drawing = Watcher.following(models, "champion", 0.1, Guard.DEFAULT.around(learned -> learned.withProbability(0.97, seed)));
    GuardedWatch watch = drawing.watch(run);
    // a run that goes on although watch.propensity() has fallen below 1 is exempt, from the step at which it did
    // to here
    assertEquals(1, watch.propensity());
    train(watch, 199);
    assertEquals(0.03, watch.propensity(), 1e-9);
    watch.close();
    drawing.close();
  }

  @Test
  void sweep() {
    RunContext run = RUN;
    StopPolicy policy = LearnedPolicy.of(file, 0.1);
    // from here
    Sweep sweep = new IncumbentAware(policy, 1).sweep();
    Sweep.Watch watch = sweep.watch(run);   // one for each run; asked as above
    watch.end();                            // when it came to its own end
    // to here
    assertFalse(sweep.watch(run).observe(Step.of(1, 1, "val_accuracy", 0.5)).isStop());
  }

  private static List<String> blocks() throws IOException {
    List<String> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(Path.of("..", "docs", "java.md"));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("```java")) {
        int end = i + lines.subList(i, lines.size()).indexOf("```");
        blocks.add(String.join("\n", lines.subList(i + 1, end)));
        i = end;
      }
    }
    return blocks;
  }

  @Test
  void snippets_areTheGuides() throws IOException {
    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/live/JavaGuideTest.java"));
    List<String> blocks = blocks();
    int shown = 0;
    for (int i = 0; i < source.size(); i++) {
      if (source.get(i).equals("    // from here")) {
        int end = i + source.subList(i, source.size()).indexOf("    // to here");
        String snippet = String.join("\n", source.subList(i + 1, end).stream().map(line -> line.substring(4)).toList());
        assertTrue(blocks.contains(snippet), "docs/java.md does not show\n" + snippet);
        shown++;
      }
    }
    assertEquals(blocks.size(), shown + 1 + ELSEWHERE, "every snippet of docs/java.md is checked somewhere");
  }
}
