package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Catalogue;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.datasets.table.Tables;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks on tables that no shipped run was trained on: boosted trees by XGBoost, and our own perceptron.
 *
 * <p>Settings are what the libraries or habit suggest, and nothing was tuned. The learning rate starts up to three times above or below,
 * drawn by the seed, as nobody knows the right one beforehand.
 */
public final class TableTrials {
  /** By how much the first rate is off at most. */
  private static final double OFF = 3;

  private TableTrials() {}

  /** All such tasks. */
  public static List<TrialTask> all(Tables tables) throws IOException {
    List<TrialTask> tasks = new ArrayList<>();
    for (String name : List.of("WVS", "ticdata", "nafld1", "nlschools")) {
      tasks.add(boosting(split(tables, name)));
    }
    for (String name : List.of("mgus2", "solder", "faithfuld", "gilgais", "Salaries")) {
      tasks.add(perceptron(split(tables, name)));
    }
    return tasks;
  }

  /** A table of these, divided. */
  public static Split split(Tables tables, String name) throws IOException {
    TableSource source =
        Catalogue.UNSEEN.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no table is called '" + name + "'"));
    return Split.of(tables.open(source), TableFamily.SEED);
  }

  /** The rate that a seed starts with. */
  public static double rate(double usual, int seed) {
    return new Draw(Seeds.random(seed, "rate")).logUniform(usual / OFF, usual * OFF);
  }

  /** Boosted trees on a table: XGBoost's own defaults but for the share of rows a tree, 150 rounds at a constant rate. */
  public static TrialTask boosting(Split split) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("max_depth", 6L);
    settings.put("min_child_weight", 1.0);
    settings.put("subsample", 0.8);
    settings.put("colsample", 1.0);
    settings.put("lambda", 1.0);
    settings.put("gamma", 0.0);
    settings.put(Settings.POINTS, 150L);
    settings.put(Settings.TRAIN_ROWS, 1500L);
    Settings all = new Settings(settings);
    return new OnTable("boosting", split, all, 0.3, Schedule.CONSTANT, 0) {
      @Override
      public Trainee start(int seed) {
        return new BoostingTrainee(split, rows(seed), all.with("learning_rate", rate(seed)), seed);
      }
    };
  }

  /** Two hidden layers of 32 on a table, by Adam in batches of 32, 80 epochs under a cosine. */
  public static TrialTask perceptron(Split split) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("optimizer", "adam");
    settings.put("batch_size", 32L);
    settings.put("weight_decay", 0.0);
    settings.put("scaling", "standard");
    settings.put(NetworkFit.SECOND_DECAY, 0.999);
    settings.put(NetworkFit.HIDDEN, 32L);
    settings.put(NetworkFit.LAYERS, 2L);
    settings.put(NetworkFit.ACTIVATION, "relu");
    settings.put(NetworkFit.INIT_SCALE, 1.0);
    settings.put(NetworkFit.CLIP_NORM, 0.0);
    settings.put(NetworkFit.LOSS, split.table().source().question().isRegression() ? "squared" : "log");
    settings.put(Settings.POINTS, 80L);
    settings.put(Settings.TRAIN_ROWS, 1000L);
    Settings all = new Settings(settings);
    return new OnTable("perceptron", split, all, 0.003, Schedule.COSINE, 3) {
      @Override
      public Trainee start(int seed) {
        return new NetworkTrainee(split, rows(seed), all, seed);
      }
    };
  }

  /** What these tasks share. */
  private abstract static class OnTable implements TrialTask {
    private final String family;
    private final Split split;
    private final Settings settings;
    private final double usualRate;
    private final Schedule schedule;
    private final int layers;

    OnTable(String family, Split split, Settings settings, double usualRate, Schedule schedule, int layers) {
      this.family = family;
      this.split = split;
      this.settings = settings;
      this.usualRate = usualRate;
      this.schedule = schedule;
      this.layers = layers;
    }

    private Question question() {
      return split.table().source().question();
    }

    Split.Rows rows(int seed) {
      return split.draw(settings.whole(Settings.TRAIN_ROWS), 0, Seeds.random(seed, "training rows"));
    }

    @Override
    public String name() {
      return family + "/" + split.table().source().name();
    }

    @Override
    public Objective objective() {
      return Curve.objective(question());
    }

    @Override
    public List<String> signals() {
      List<String> signals = new ArrayList<>(List.of(objective().metric(), "train_loss"));
      signals.addAll(layers());
      return signals;
    }

    @Override
    public List<String> layers() {
      List<String> names = new ArrayList<>();
      for (int layer = 1; layer <= layers; layer++) {
        names.add("layer_change_" + layer);
      }
      return names;
    }

    @Override
    public String label() {
      return "test_" + Curve.metric(question());
    }

    @Override
    public int epochs() {
      return settings.whole(Settings.POINTS);
    }

    @Override
    public double plannedCost() {
      return (double) epochs() * Math.min(settings.whole(Settings.TRAIN_ROWS), split.pool().count());
    }

    @Override
    public double rate(int seed) {
      return TableTrials.rate(usualRate, seed);
    }

    @Override
    public double fixedFactor(int epoch) {
      return schedule.factor(epoch, epochs());
    }

    @Override
    public Map<String, Object> parameters() {
      Map<String, Object> parameters = new HashMap<>(settings.values());
      Table table = split.table();
      parameters.remove(Settings.POINTS);
      parameters.put("family", family);
      parameters.put("dataset", table.source().name());
      parameters.put("package", table.source().debianPackage());
      return parameters;
    }
  }
}
