package io.stopcast.datasets.family;

import io.stopcast.datasets.table.Catalogue;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import io.stopcast.datasets.table.Tables;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A family with one task for each of some tables. */
public final class TableFamily implements Family {
  /** From this all plans, splits and trainings follow. */
  public static final long SEED = 20261;

  private static final String CODE_VERSION = "tables-2";
  private static final double TUNED_SHARE = 0.1;

  private final TableTrainer trainer;
  private final List<TableSource> sources;
  private final Tables tables;

  private TableFamily(TableTrainer trainer, List<TableSource> sources, Tables tables) {
    this.trainer = trainer;
    this.sources = sources;
    this.tables = tables;
  }

  /** Families A to D and F: perceptrons, boosted trees and linear models on tables, text, modular arithmetic. */
  public static List<Family> all(Tables tables) {
    return List.of(
        new TableFamily(new Perceptron(), Catalogue.TABLES, tables),
        new TableFamily(new Boosting(), Catalogue.TABLES, tables),
        new TableFamily(new Linear(), Catalogue.TABLES, tables),
        new TableFamily(new Text(), Catalogue.TEXTS, tables),
        new TableFamily(new Grokking(), Catalogue.ARITHMETIC, tables));
  }

  @Override
  public String letter() {
    return trainer.letter();
  }

  @Override
  public String name() {
    return trainer.name();
  }

  @Override
  public String codeVersion() {
    return CODE_VERSION;
  }

  @Override
  public List<RunPlan> plans() {
    List<RunPlan> plans = new ArrayList<>();
    for (TableSource source : sources) {
      String task = name() + "/" + source.name();
      for (int i = 1; i <= trainer.runs(source); i++) {
        String run = "%03d".formatted(i);
        Draw draw = new Draw(Seeds.random(SEED, "plan/" + task + "/" + run));
        boolean tuned = draw.chance(TUNED_SHARE);
        Settings settings =
            trainer.sample(source.question(), tuned, draw).with(Settings.SAMPLER, tuned ? "tuned" : "wide");
        plans.add(new RunPlan(task, run, (int) (Seeds.of(SEED, "run/" + task + "/" + run) >>> 33), settings));
      }
    }
    return plans;
  }

  @Override
  public List<TableSource> tables() {
    return sources;
  }

  @Override
  public Run train(RunPlan plan) throws IOException {
    String table = plan.task().substring(name().length() + 1);
    TableSource source =
        sources.stream()
            .filter(candidate -> candidate.name().equals(table))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no table is called '" + table + "'"));
    return train(trainer, Split.of(tables.open(source), SEED), plan);
  }

  static Run train(TableTrainer trainer, Split split, RunPlan plan) {
    Settings settings = plan.settings();
    Split.Rows training =
        split.draw(
            settings.whole(Settings.TRAIN_ROWS),
            settings.real(Settings.LABEL_NOISE),
            Seeds.random(plan.seed(), "training rows"));
    Table table = split.table();
    Question question = table.source().question();
    OptionalDouble tokens = trainer.tokensPerSample(training);
    Curve curve = new Curve(question, tokens);
    trainer.train(split, training, settings, plan.seed(), curve);

    Map<String, Object> parameters = new HashMap<>(settings.values());
    int points = settings.whole(Settings.POINTS);
    parameters.remove(Settings.POINTS); // stands beside the context, as the plan
    parameters.put(Settings.TRAIN_ROWS, (long) training.count());
    parameters.put("validation_rows", (long) split.validation().count());
    parameters.put("test_rows", (long) split.test().count());
    parameters.put("family", trainer.name());
    parameters.put("dataset", table.source().name());
    if (!table.source().debianPackage().isEmpty()) {
      parameters.put("package", table.source().debianPackage());
    }
    parameters.put("rows", (long) table.rows());
    parameters.put("features", (long) table.width());
    parameters.put("classes", (long) table.classes());
    parameters.put("chance", chance(split));
    parameters.put("seed", (long) plan.seed());
    parameters.put("code_version", CODE_VERSION);
    return curve.toRun(
        new RunContext(
            "stopcast",
            plan.task(),
            plan.run(),
            Curve.objective(question),
            Horizon.ofPoints(points),
            tokens.isPresent() ? "tokens" : "samples",
            parameters));
  }

  /** The objective of the best answer that looks at no column: how often each class is, or the mean. */
  private static double chance(Split split) {
    int classes = split.table().classes();
    Scores.Sum sum = new Scores.Sum();
    if (classes == 0) {
      for (double target : split.validation().targets()) {
        sum.addNumber(0, target); // the scale's zero is the pool's mean
      }
      return sum.ofNumbers().loss();
    }
    double[] scores = new double[classes];
    for (double target : split.pool().targets()) {
      scores[(int) target]++;
    }
    for (int i = 0; i < classes; i++) {
      scores[i] = StrictMath.log(scores[i] + 1); // a class that the pool lacks must not cost infinitely much
    }
    for (double target : split.validation().targets()) {
      sum.addClass(scores, (int) target);
    }
    Scores chance = sum.ofClasses();
    return split.table().source().question() == Question.ACCURACY ? chance.second() : chance.loss();
  }
}
