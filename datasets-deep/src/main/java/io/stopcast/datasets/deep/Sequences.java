package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Draw;
import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunLog;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Family H: tiny transformers that answer with sequences, judged by exact match against the tokens trained on.
 *
 * <p>An answer matches if each of its tokens is the most probable one after the right tokens before it. Where all are,
 * the network would also have written them by itself, token by token; so the share of matches is that of greedy
 * decoding, at the price of one forward pass.
 */
final class Sequences implements Family {
  private static final String NAME = "sequence";
  private static final String CODE_VERSION = "sequence-1";
  private static final int RUNS = 12;
  private static final long MOST_SAMPLES = 120_000;
  private static final List<String> TASKS =
      Stream.concat(SequenceTasks.ALL.stream().map(SequenceTask::name), Stream.of(Pronunciations.NAME)).toList();
  private static final Objective OBJECTIVE = Objective.maximize("val_exact_match");
  private static final List<String> SIGNALS =
      List.of(
          "val_exact_match", "val_loss", "val_token_accuracy", "train_loss", "learning_rate", "grad_norm", "samples");

  private final DebianPackages packages;
  private SequenceTask pronunciation; // null until it is asked for

  Sequences(DebianPackages packages) {
    this.packages = packages;
  }

  @Override
  public String letter() {
    return "H";
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String codeVersion() {
    return CODE_VERSION;
  }

  @Override
  public List<RunPlan> plans() {
    return Plans.of(NAME, TASKS, RUNS, Sequences::sample);
  }

  private static void sample(String task, boolean tuned, Draw draw, Map<String, Object> settings) {
    long points = tuned ? draw.pick(40L, 60L, 80L) : draw.pick(30L, 40L, 50L, 60L, 80L, 100L);
    long batch = tuned ? 64L : draw.pick(16L, 32L, 32L, 64L, 64L, 128L);
    long layers = draw.pick(1L, 1L, 2L);
    // Planned by what it takes: a run is long in problems where they are short, and takes about as long everywhere.
    long tokens = tuned ? 1_200_000 : draw.logWhole(300_000, 1_500_000);
    long samples = Math.min(MOST_SAMPLES, tokens / (length(task) * layers));
    settings.put(Settings.POINTS, points);
    settings.put(Course.BATCH_SIZE, batch);
    settings.put(Course.STEPS_PER_POINT, Math.max(1, samples / (points * batch)));
    settings.put(Settings.TRAIN_ROWS, tuned || draw.chance(0.5) ? 0L : draw.logWhole(100, 3000));
    settings.put("width", draw.pick(48L, 64L));
    settings.put("layers", layers);
    settings.put("heads", draw.pick(2L, 4L));
  }

  private static int length(String task) {
    return task.equals(Pronunciations.NAME) ? Pronunciations.LENGTH : SequenceTasks.of(task).length();
  }

  @Override
  public Run train(RunPlan plan) throws IOException {
    String name = plan.task().substring(NAME.length() + 1);
    return train(plan, name.equals(Pronunciations.NAME) ? pronunciation() : SequenceTasks.of(name));
  }

  private SequenceTask pronunciation() throws IOException {
    if (pronunciation == null) {
      pronunciation = Pronunciations.open(packages);
    }
    return pronunciation;
  }

  static Run train(RunPlan plan, SequenceTask task) {
    Settings settings = plan.settings();
    RunLog log = new RunLog(OBJECTIVE, "test_exact_match", SIGNALS);
    Problems problems = new Problems(task);
    Batch validation = problems.batch(problems.heldOut(Problems.Part.VALIDATION));
    Batch test = problems.batch(problems.heldOut(Problems.Part.TEST));
    Lessons lessons = new Lessons(problems, settings, plan.seed());
    Transformer network =
        problems.network(settings.whole("width"), settings.whole("layers"), settings.whole("heads"));

    Map<String, Object> parameters = new HashMap<>(settings.values());
    int points = settings.whole(Settings.POINTS);
    parameters.remove(Settings.POINTS); // stands beside the context, as the plan
    parameters.put(Settings.TRAIN_ROWS, (long) lessons.count());
    parameters.put("validation_rows", (long) validation.examples());
    parameters.put("test_rows", (long) test.examples());
    parameters.put("family", NAME);
    parameters.put("dataset", task.name());
    if (task.name().equals(Pronunciations.NAME)) {
      parameters.put("package", Pronunciations.PACKAGE);
    }
    parameters.put("chance", problems.chance());
    parameters.put("seed", (long) plan.seed());
    parameters.put("code_version", CODE_VERSION);
    try (Fit fit = new Fit(network, settings, plan.seed())) {
      parameters.put("parameters", (long) fit.size());
      Course.run(fit, settings, lessons, validation, test, point -> add(log, point));
    }
    return log.toRun(
        new RunContext(
            "stopcast", plan.task(), plan.run(), OBJECTIVE, Horizon.ofPoints(points), "tokens", parameters));
  }

  private static void add(RunLog log, Course.Point point) {
    log.point(
        point.cost(),
        point.test().exact(),
        point.validation().exact(),
        point.validation().loss(),
        point.validation().accuracy(),
        point.trainLoss(),
        point.learningRate(),
        point.gradientNorm(),
        point.examples());
  }
}
