package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Draw;
import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunLog;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Family G: small convolutional networks on small images. */
final class Convolution implements Family {
  private static final String NAME = "convolution";
  private static final String CODE_VERSION = "convolution-1";
  private static final int RUNS = 20;
  /** Few pieces of clothing, some of them mislabelled: what is learned by heart here costs log-loss dearly. */
  private static final String FEW = "fashion-few";
  private static final List<String> TASKS = List.of("digits", "fashion", FEW, "shapes");

  private final DebianPackages packages;
  private final Map<String, ImageSet> open = new HashMap<>();

  Convolution(DebianPackages packages) {
    this.packages = packages;
  }

  @Override
  public String letter() {
    return "G";
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
    return Plans.of(NAME, TASKS, RUNS, Convolution::sample);
  }

  private static void sample(String task, boolean tuned, Draw draw, Map<String, Object> settings) {
    boolean few = task.equals(FEW);
    long points = tuned ? draw.pick(50L, 80L) : draw.pick(30L, 40L, 50L, 60L, 80L, 100L);
    long batch = tuned ? draw.pick(32L, 64L) : draw.pick(8L, 16L, 32L, 64L, 128L, 256L);
    long samples = tuned ? 60_000 : draw.logWhole(15_000, 90_000);
    settings.put(Settings.POINTS, points);
    settings.put(Course.BATCH_SIZE, batch);
    settings.put(Course.STEPS_PER_POINT, Math.max(1, samples / (points * batch)));
    settings.put(Settings.TRAIN_ROWS, few ? draw.logWhole(100, 400) : tuned ? 2000L : draw.logWhole(100, 3000));
    settings.put("channels", tuned ? 8L : draw.pick(4L, 8L, 12L));
    if (few && !tuned) {
      settings.put(Settings.LABEL_NOISE, draw.uniform(0.1, 0.4));
    }
  }

  @Override
  public Run train(RunPlan plan) throws IOException {
    String task = plan.task().substring(NAME.length() + 1);
    ImageSet images = open.get(task);
    if (images == null) {
      images =
          task.equals("shapes")
              ? ImageSet.shapes()
              : task.equals("digits") ? ImageSet.digits(packages) : ImageSet.fashion(packages);
      open.put(task, images);
    }
    return train(plan, images);
  }

  static Run train(RunPlan plan, ImageSet images) {
    Settings settings = plan.settings();
    boolean byLoss = plan.task().endsWith(FEW);
    Objective objective = byLoss ? Objective.minimize("val_logloss") : Objective.maximize("val_accuracy");
    List<String> signals =
        List.of(
            objective.metric(),
            byLoss ? "val_accuracy" : "val_logloss",
            "train_loss",
            "learning_rate",
            "grad_norm");
    RunLog log = new RunLog(objective, byLoss ? "test_logloss" : "test_accuracy", signals);
    Images training =
        images
            .pool()
            .draw(
                settings.whole(Settings.TRAIN_ROWS),
                settings.real(Settings.LABEL_NOISE),
                images.classes(),
                Seeds.random(plan.seed(), "training rows"));

    Map<String, Object> parameters = new HashMap<>(settings.values());
    int points = settings.whole(Settings.POINTS);
    parameters.remove(Settings.POINTS); // stands beside the context, as the plan
    parameters.put(Settings.TRAIN_ROWS, (long) training.count());
    parameters.put("validation_rows", (long) images.validation().count());
    parameters.put("test_rows", (long) images.test().count());
    parameters.put("family", NAME);
    parameters.put("dataset", images.name());
    images.debianPackage().ifPresent(name -> parameters.put("package", name));
    parameters.put("classes", (long) images.classes());
    Score chance = chance(images);
    parameters.put("chance", byLoss ? chance.loss() : chance.accuracy());
    parameters.put("seed", (long) plan.seed());
    parameters.put("code_version", CODE_VERSION);
    ImageNetwork network = new ImageNetwork(training.side(), images.classes(), settings.whole("channels"));
    try (Fit fit = new Fit(network, settings, plan.seed())) {
      parameters.put("parameters", (long) fit.size());
      Course.run(
          fit,
          settings,
          batches(training, settings.whole(Course.BATCH_SIZE), Seeds.random(plan.seed(), "order of rows")),
          images.validation().batch(),
          images.test().batch(),
          point -> add(log, byLoss, point));
    }
    return log.toRun(
        new RunContext(
            "stopcast", plan.task(), plan.run(), objective, Horizon.ofPoints(points), "samples", parameters));
  }

  /** Images in random order, all of them once before any comes again; a batch may reach over that border. */
  private static Supplier<Batch> batches(Images training, int size, Random random) {
    return new Supplier<>() {
      private int[] order = {};
      private int next;

      @Override
      public Batch get() {
        int[] chosen = new int[size];
        for (int i = 0; i < size; i++) {
          if (next == order.length) {
            order = Seeds.permutation(training.count(), random);
            next = 0;
          }
          chosen[i] = order[next++];
        }
        return training.pick(chosen).batch();
      }
    };
  }

  /** What the best answer that looks at no image reaches. */
  private static Score chance(ImageSet images) {
    float[] scores = new float[images.classes()];
    for (int label : images.pool().labels()) {
      scores[label]++;
    }
    Batch validation = images.validation().batch();
    float[] all = new float[images.validation().count() * images.classes()];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) StrictMath.log(scores[i % images.classes()] + 1);
    }
    return Score.of(all, images.classes(), validation);
  }

  private static void add(RunLog log, boolean byLoss, Course.Point point) {
    Score validation = point.validation();
    Score test = point.test();
    log.point(
        point.cost(),
        byLoss ? test.loss() : test.accuracy(),
        byLoss ? validation.loss() : validation.accuracy(),
        byLoss ? validation.accuracy() : validation.loss(),
        point.trainLoss(),
        point.learningRate(),
        point.gradientNorm());
  }
}
