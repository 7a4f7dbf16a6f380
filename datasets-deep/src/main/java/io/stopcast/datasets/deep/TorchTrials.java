package io.stopcast.datasets.deep;

import ai.djl.ndarray.types.Shape;
import io.stopcast.datasets.family.Schedule;
import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.family.TableTrials;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.Tables;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.datasets.trial.TrialProvider;
import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks for PyTorch on images and a table that no shipped run was trained on: of Fashion-MNIST, images behind those that the family of
 * convolutions draws from. As with {@link TableTrials}, settings are what habit suggests.
 */
public final class TorchTrials implements TrialProvider {
  private static final int SEEN = 3000;
  private static final int SEEN_HELD_OUT = 700;
  private static final int VALIDATION = 300;
  private static final int TEST = 400;
  private static final double USUAL_RATE = 0.003;

  @Override
  public List<TrialTask> tasks(DebianPackages packages, Tables tables) throws IOException {
    Images pool = IdxFiles.FASHION.read(packages, "train", 2 * SEEN).range(SEEN, 2 * SEEN);
    Images heldOut = IdxFiles.FASHION.read(packages, "t10k", SEEN_HELD_OUT + VALIDATION + TEST);
    Images validation = heldOut.range(SEEN_HELD_OUT, SEEN_HELD_OUT + VALIDATION);
    Images test = heldOut.range(SEEN_HELD_OUT + VALIDATION, SEEN_HELD_OUT + VALIDATION + TEST);
    return List.of(
        new OnImages("fashion-later", pool, validation, test, 300, 0, false),
        new OnImages("fashion-noisy", pool, validation, test, 200, 0.2, true),
        new OnRows(TableTrials.split(tables, "Glass")));
  }

  /** What these tasks share. */
  private abstract static class OnTorch implements TrialTask {
    private final String name;
    private final int epochs;
    private final int examples;
    private final boolean byLoss;

    OnTorch(String name, int epochs, int examples, boolean byLoss) {
      this.name = name;
      this.epochs = epochs;
      this.examples = examples;
      this.byLoss = byLoss;
    }

    static Settings settings() {
      Map<String, Object> settings = new HashMap<>();
      settings.put("optimizer", "adam");
      settings.put("weight_decay", 0.0);
      settings.put("clip", 0.0);
      settings.put(Course.BATCH_SIZE, 32L);
      return new Settings(settings);
    }

    @Override
    public String name() {
      return "torch/" + name;
    }

    @Override
    public Objective objective() {
      return byLoss ? Objective.minimize("val_logloss") : Objective.maximize("val_accuracy");
    }

    @Override
    public List<String> signals() {
      return List.of(objective().metric(), "train_loss");
    }

    @Override
    public List<String> layers() {
      return List.of();
    }

    @Override
    public String label() {
      return byLoss ? "test_logloss" : "test_accuracy";
    }

    @Override
    public int epochs() {
      return epochs;
    }

    @Override
    public double plannedCost() {
      return (double) epochs * examples;
    }

    @Override
    public double rate(int seed) {
      return TableTrials.rate(USUAL_RATE, seed);
    }

    @Override
    public double fixedFactor(int epoch) {
      return Schedule.COSINE.factor(epoch, epochs);
    }

    @Override
    public Map<String, Object> parameters() {
      Map<String, Object> parameters = new HashMap<>(settings().values());
      parameters.put("family", "torch");
      parameters.put("dataset", name);
      parameters.put(Settings.TRAIN_ROWS, (long) examples);
      return parameters;
    }
  }

  private static final class OnImages extends OnTorch {
    private static final int CLASSES = 10;
    private static final int CHANNELS = 4;

    private final Images pool;
    private final Images validation;
    private final Images test;
    private final int examples;
    private final double noise;
    private final boolean byLoss;

    OnImages(String name, Images pool, Images validation, Images test, int examples, double noise, boolean byLoss) {
      super(name, 30, examples, byLoss);
      this.pool = pool;
      this.validation = validation;
      this.test = test;
      this.examples = examples;
      this.noise = noise;
      this.byLoss = byLoss;
    }

    @Override
    public Trainee start(int seed) {
      Images training = pool.draw(examples, noise, CLASSES, Seeds.random(seed, "training rows"));
      Network network = new ImageNetwork(pool.side(), CLASSES, CHANNELS);
      return new TorchTrainee(
          network, settings(), seed, chosen -> training.pick(chosen).batch(), training.count(), validation.batch(), test.batch(), byLoss);
    }
  }

  private static final class OnRows extends OnTorch {
    private static final int HIDDEN = 32;

    private final Split split;
    private final double[] mean;
    private final double[] deviation;

    /** Measures the columns of the pool, which is what a run trains on. */
    OnRows(Split split) {
      super(split.table().source().name(), 80, split.pool().count(), false);
      this.split = split;
      mean = new double[split.table().width()];
      deviation = new double[mean.length];
      for (int j = 0; j < mean.length; j++) {
        int column = j;
        double[] known =
            Arrays.stream(split.pool().features()).mapToDouble(row -> row[column]).filter(value -> !Double.isNaN(value)).toArray();
        double centre = Arrays.stream(known).average().orElse(0);
        mean[j] = centre;
        deviation[j] = Math.sqrt(Arrays.stream(known).map(value -> (value - centre) * (value - centre)).average().orElse(0));
      }
    }

    @Override
    public Trainee start(int seed) {
      Split.Rows training = split.draw(split.pool().count(), 0, Seeds.random(seed, "training rows"));
      Network network = new Dense(split.table().width(), split.table().classes(), HIDDEN);
      int[] all = new int[Math.max(split.validation().count(), split.test().count())];
      Arrays.setAll(all, i -> i);
      Batch validation = batch(split.validation(), Arrays.copyOf(all, split.validation().count()));
      Batch test = batch(split.test(), Arrays.copyOf(all, split.test().count()));
      return new TorchTrainee(network, settings(), seed, chosen -> batch(training, chosen), training.count(), validation, test, false);
    }

    /** Missing values at the mean. */
    private Batch batch(Split.Rows rows, int[] chosen) {
      int width = split.table().width();
      FloatBuffer inputs = FloatBuffer.allocate(chosen.length * width);
      int[] targets = new int[chosen.length];
      for (int i = 0; i < chosen.length; i++) {
        for (int j = 0; j < width; j++) {
          double off = rows.features()[chosen[i]][j] - mean[j];
          inputs.put(Double.isNaN(off) || deviation[j] == 0 ? 0 : (float) (off / deviation[j]));
        }
        targets[i] = (int) rows.targets()[chosen[i]];
      }
      return new Batch(inputs.rewind(), new Shape(chosen.length, width), targets, chosen.length);
    }
  }
}
