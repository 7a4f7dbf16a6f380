package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.HashMap;
import java.util.Map;

/**
 * Multilayer perceptrons that learn modular arithmetic: the training rows soon, all others long after, suddenly, or
 * never.
 *
 * <p>Source: Power et al., "Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets", 2022; Gromov,
 * "Grokking modular arithmetic", 2023, for squares as activation and squared errors as loss.
 */
final class Grokking implements TableTrainer {
  @Override
  public String letter() {
    return "F";
  }

  @Override
  public String name() {
    return "grokking";
  }

  @Override
  public int runs(TableSource source) {
    return 12;
  }

  @Override
  public Settings sample(Question question, boolean tuned, Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("scaling", "none");
    settings.put(NetworkFit.LAYERS, 1L);
    settings.put(NetworkFit.CLIP_NORM, 0.0);
    settings.put(NetworkFit.SECOND_DECAY, 0.98);
    settings.put(Settings.LABEL_NOISE, 0.0);
    if (tuned) {
      settings.put("optimizer", "adamw");
      settings.put("learning_rate", draw.logUniform(0.003, 0.01));
      settings.put("weight_decay", draw.uniform(0.1, 1));
      settings.put("schedule", Schedule.CONSTANT.label());
      settings.put("batch_size", 64L);
      settings.put(NetworkFit.HIDDEN, 64L);
      settings.put(NetworkFit.ACTIVATION, "square");
      settings.put(NetworkFit.INIT_SCALE, 1.0);
      settings.put(NetworkFit.LOSS, "squared");
      settings.put(NetworkFit.EPOCHS_PER_POINT, 5L);
      settings.put(Settings.TRAIN_ROWS, 1000L);
      settings.put(Settings.POINTS, draw.pick(100L, 150L));
    } else {
      String optimizer = draw.pick("adamw", "adamw", "adamw", "momentum");
      settings.put("optimizer", optimizer);
      settings.put(
          "learning_rate", optimizer.equals("adamw") ? draw.logUniform(5e-4, 0.02) : draw.logUniform(0.003, 0.2));
      settings.put(
          "weight_decay",
          draw.chance(0.2) ? 0.0 : optimizer.equals("adamw") ? draw.logUniform(0.03, 3) : draw.logUniform(1e-5, 3e-3));
      settings.put("schedule", draw.pick(Schedule.CONSTANT, Schedule.CONSTANT, Schedule.COSINE).label());
      settings.put("batch_size", draw.pick(32L, 64L, 128L, 256L));
      settings.put(NetworkFit.HIDDEN, draw.logWhole(40, 160));
      settings.put(NetworkFit.ACTIVATION, draw.pick("square", "square", "relu"));
      settings.put(NetworkFit.INIT_SCALE, draw.logUniform(0.3, 2));
      settings.put(NetworkFit.LOSS, draw.pick("squared", "squared", "log"));
      settings.put(NetworkFit.EPOCHS_PER_POINT, draw.whole(3, 16));
      settings.put(Settings.TRAIN_ROWS, draw.whole(200, 700));
      settings.put(Settings.POINTS, draw.pick(80L, 100L, 150L, 200L));
    }
    return new Settings(settings);
  }

  @Override
  public void train(Split split, Split.Rows training, Settings settings, int seed, Curve curve) {
    new NetworkFit(split, training, settings, seed).run(curve);
  }
}
