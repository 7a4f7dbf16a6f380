package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Multilayer perceptrons on hashed counts of words or characters; a point after each epoch. */
final class Text implements TableTrainer {
  @Override
  public String letter() {
    return "D";
  }

  @Override
  public String name() {
    return "text";
  }

  @Override
  public int runs(TableSource source) {
    return 20;
  }

  @Override
  public Settings sample(Question question, boolean tuned, Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("scaling", "length");
    settings.put(NetworkFit.EPOCHS_PER_POINT, 1L);
    settings.put(NetworkFit.SECOND_DECAY, 0.999);
    settings.put(NetworkFit.LAYERS, 1L);
    settings.put(NetworkFit.ACTIVATION, "relu");
    if (tuned) {
      settings.put("optimizer", "adamw");
      settings.put("learning_rate", draw.logUniform(0.0003, 0.003));
      settings.put("schedule", draw.pick(Schedule.CONSTANT, Schedule.COSINE).label());
      settings.put("batch_size", draw.pick(32L, 64L));
      settings.put("weight_decay", draw.pick(0.01, 0.1, 0.3));
      settings.put(NetworkFit.HIDDEN, draw.pick(32L, 64L));
      settings.put(NetworkFit.INIT_SCALE, 1.0);
      settings.put(NetworkFit.CLIP_NORM, 0.0);
      settings.put(NetworkFit.LOSS, question.isRegression() ? "squared" : "log");
      settings.put(Settings.LABEL_NOISE, 0.0);
      settings.put(Settings.TRAIN_ROWS, 3000L);
      settings.put(Settings.POINTS, draw.pick(40L, 60L));
    } else {
      String optimizer = draw.pick("sgd", "momentum", "adamw", "adamw");
      settings.put("optimizer", optimizer);
      settings.put(
          "learning_rate", optimizer.equals("adamw") ? draw.logUniform(1e-5, 0.03) : draw.logUniform(1e-4, 1));
      Schedule schedule = draw.chance(0.5) ? Schedule.CONSTANT : draw.pick(Schedule.STEP, Schedule.COSINE);
      settings.put("schedule", schedule.label());
      settings.put("batch_size", draw.pick(16L, 32L, 64L, 128L, 256L));
      settings.put(
          "weight_decay",
          draw.chance(0.5) ? 0.0 : optimizer.equals("adamw") ? draw.logUniform(0.01, 3) : draw.logUniform(1e-5, 0.1));
      settings.put(NetworkFit.HIDDEN, draw.logWhole(6, 64));
      settings.put(NetworkFit.INIT_SCALE, draw.chance(0.6) ? 1.0 : draw.logUniform(0.1, 3));
      settings.put(NetworkFit.CLIP_NORM, draw.chance(0.7) ? 0.0 : 1.0);
      settings.put(NetworkFit.LOSS, question.isRegression() ? draw.pick("squared", "squared", "huber") : "log");
      settings.put(Settings.LABEL_NOISE, draw.chance(0.4) ? 0.0 : draw.uniform(0, 0.4));
      settings.put(Settings.TRAIN_ROWS, draw.logWhole(150, 3000));
      settings.put(Settings.POINTS, draw.pick(30L, 40L, 60L, 80L, 100L));
    }
    return new Settings(settings);
  }

  /** The columns count words or characters: a row's sum is its length. */
  @Override
  public OptionalDouble tokensPerSample(Split.Rows training) {
    double tokens = 0;
    for (double[] row : training.features()) {
      for (double count : row) {
        tokens += count;
      }
    }
    return OptionalDouble.of(tokens / training.count());
  }

  @Override
  public void train(Split split, Split.Rows training, Settings settings, int seed, Curve curve) {
    new NetworkFit(split, training, settings, seed).run(curve);
  }
}
