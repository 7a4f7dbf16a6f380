package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.HashMap;
import java.util.Map;

/** Multilayer perceptrons on tables; a point after each epoch. */
final class Perceptron implements TableTrainer {
  @Override
  public String letter() {
    return "A";
  }

  @Override
  public String name() {
    return "perceptron";
  }

  @Override
  public int runs(TableSource source) {
    return 28;
  }

  @Override
  public Settings sample(Question question, boolean tuned, Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(NetworkFit.EPOCHS_PER_POINT, 1L);
    settings.put(NetworkFit.SECOND_DECAY, 0.999);
    if (tuned) {
      String optimizer = draw.pick("momentum", "adamw", "adamw");
      settings.put("optimizer", optimizer);
      settings.put(
          "learning_rate", optimizer.equals("adamw") ? draw.logUniform(0.0005, 0.005) : draw.logUniform(0.003, 0.05));
      settings.put("schedule", draw.pick(Schedule.CONSTANT, Schedule.COSINE).label());
      settings.put("batch_size", draw.pick(32L, 64L));
      settings.put("weight_decay", optimizer.equals("adamw") ? draw.pick(0.01, 0.1) : draw.pick(1e-4, 1e-3));
      settings.put("scaling", "standard");
      settings.put(NetworkFit.HIDDEN, draw.pick(32L, 64L));
      settings.put(NetworkFit.LAYERS, draw.pick(1L, 2L));
      settings.put(NetworkFit.ACTIVATION, "relu");
      settings.put(NetworkFit.INIT_SCALE, 1.0);
      settings.put(NetworkFit.CLIP_NORM, 0.0);
      settings.put(NetworkFit.LOSS, question.isRegression() ? "squared" : "log");
      settings.put(Settings.LABEL_NOISE, 0.0);
      settings.put(Settings.TRAIN_ROWS, 2000L);
      settings.put(Settings.POINTS, draw.pick(60L, 100L));
    } else {
      String optimizer = draw.pick("sgd", "momentum", "adamw", "adamw");
      settings.put("optimizer", optimizer);
      settings.put(
          "learning_rate",
          optimizer.equals("adamw")
              ? draw.logUniform(1e-5, 0.1)
              : optimizer.equals("sgd") ? draw.logUniform(1e-4, 3) : draw.logUniform(3e-5, 2));
      Schedule schedule = draw.chance(0.5) ? Schedule.CONSTANT : draw.pick(Schedule.STEP, Schedule.COSINE);
      settings.put("schedule", schedule.label());
      settings.put("batch_size", draw.pick(8L, 16L, 32L, 64L, 128L, 256L));
      settings.put(
          "weight_decay",
          draw.chance(0.5) ? 0.0 : optimizer.equals("adamw") ? draw.logUniform(1e-3, 1) : draw.logUniform(1e-5, 0.1));
      settings.put("scaling", draw.chance(0.75) ? "standard" : draw.pick("minmax", "minmax", "none"));
      settings.put(NetworkFit.HIDDEN, draw.logWhole(6, 100));
      settings.put(NetworkFit.LAYERS, draw.pick(1L, 1L, 2L, 3L));
      settings.put(NetworkFit.ACTIVATION, draw.pick("relu", "relu", "tanh"));
      settings.put(NetworkFit.INIT_SCALE, draw.chance(0.6) ? 1.0 : draw.logUniform(0.1, 3));
      settings.put(NetworkFit.CLIP_NORM, draw.chance(0.7) ? 0.0 : 1.0);
      settings.put(NetworkFit.LOSS, question.isRegression() ? draw.pick("squared", "squared", "huber") : "log");
      settings.put(Settings.LABEL_NOISE, draw.chance(0.4) ? 0.0 : draw.uniform(0, 0.4));
      settings.put(Settings.TRAIN_ROWS, draw.logWhole(100, 3000));
      settings.put(Settings.POINTS, draw.pick(30L, 40L, 60L, 80L, 100L, 120L, 150L, 200L));
    }
    return new Settings(settings);
  }

  @Override
  public void train(Split split, Split.Rows training, Settings settings, int seed, Curve curve) {
    new NetworkFit(split, training, settings, seed).run(curve);
  }
}
