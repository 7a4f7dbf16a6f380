package io.stopcast.datasets.family;

import com.oracle.labs.mlrg.olcut.util.Pair;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.optimisers.RMSProp;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.regression.sgd.objectives.Huber;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/**
 * Linear and logistic regression by stochastic gradient descent; a point after each epoch.
 *
 * <p>Parameters, objectives and, but for {@link Adam}, optimisers are Tribuo's, the loop is our own: Tribuo's trainers
 * tell nothing until they are done.
 */
final class Linear implements TableTrainer {
  private static final int MAX_PRODUCTS = 250;

  @Override
  public String letter() {
    return "C";
  }

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public int runs(TableSource source) {
    return 6;
  }

  @Override
  public Settings sample(Question question, boolean tuned, Draw draw) {
    Map<String, Object> settings = new HashMap<>();
    if (tuned) {
      String optimizer = draw.pick("momentum", "adam");
      settings.put("optimizer", optimizer);
      settings.put(
          "learning_rate", optimizer.equals("adam") ? draw.logUniform(0.001, 0.01) : draw.logUniform(0.002, 0.03));
      settings.put("schedule", draw.pick(Schedule.CONSTANT, Schedule.COSINE).label());
      settings.put("batch_size", draw.pick(16L, 32L, 64L));
      settings.put("weight_decay", draw.pick(0.0, 1e-4, 1e-3));
      settings.put("scaling", "standard");
      settings.put("products", 0L);
      settings.put("loss", question.isRegression() ? "squared" : "log");
      settings.put(Settings.LABEL_NOISE, 0.0);
      settings.put(Settings.TRAIN_ROWS, 2000L);
      settings.put(Settings.POINTS, draw.pick(60L, 100L, 150L));
    } else {
      String optimizer = draw.pick("sgd", "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adam");
      boolean adaptive = optimizer.startsWith("ad") || optimizer.equals("rmsprop");
      settings.put("optimizer", optimizer);
      settings.put("learning_rate", adaptive ? draw.logUniform(1e-4, 1) : draw.logUniform(3e-4, 3));
      Schedule schedule = draw.chance(0.5) ? Schedule.CONSTANT : draw.pick(Schedule.STEP, Schedule.COSINE);
      settings.put("schedule", schedule.label());
      settings.put("batch_size", draw.pick(8L, 16L, 32L, 64L, 128L, 256L));
      settings.put("weight_decay", draw.chance(0.5) ? 0.0 : draw.logUniform(1e-5, 0.1));
      settings.put("scaling", draw.chance(0.7) ? "standard" : draw.pick("minmax", "minmax", "none"));
      settings.put("products", draw.chance(0.5) ? 0L : draw.logWhole(10, MAX_PRODUCTS));
      settings.put("loss", question.isRegression() ? draw.pick("squared", "squared", "huber") : "log");
      settings.put(Settings.LABEL_NOISE, draw.chance(0.4) ? 0.0 : draw.uniform(0, 0.4));
      settings.put(Settings.TRAIN_ROWS, draw.logWhole(100, 3000));
      settings.put(Settings.POINTS, draw.pick(30L, 60L, 80L, 100L, 120L, 150L, 200L));
    }
    return new Settings(settings);
  }

  @Override
  public void train(Split split, Split.Rows training, Settings settings, int seed, Curve curve) {
    new Fit(split, training, settings, seed).run(curve);
  }

  /** One training. */
  private static final class Fit {
    private final Settings settings;
    private final int classes;
    private final LogMulticlass classLoss = new LogMulticlass();
    private final LinearParameters parameters;
    private final StochasticGradientOptimiser optimiser;
    private final Random random;
    private final DenseVector[] trainRows;
    private final DenseVector[] validationRows;
    private final DenseVector[] testRows;
    private final double[] trainTargets;
    private final double[] validationTargets;
    private final double[] testTargets;

    Fit(Split split, Split.Rows training, Settings settings, int seed) {
      this.settings = settings;
      this.classes = split.table().classes();
      Columns columns =
          new Columns(
              training, settings.text("scaling"), settings.whole("products"), Seeds.random(seed, "products"));
      trainRows = vectors(columns.apply(training));
      validationRows = vectors(columns.apply(split.validation()));
      testRows = vectors(columns.apply(split.test()));
      trainTargets = training.targets();
      validationTargets = split.validation().targets();
      testTargets = split.test().targets();
      parameters = new LinearParameters(columns.width() + 1, Math.max(1, classes));
      optimiser = optimiser(settings);
      optimiser.initialise(parameters);
      random = Seeds.random(seed, "order of rows");
    }

    /** With a one at the end, for the intercept. */
    private static DenseVector[] vectors(double[][] rows) {
      DenseVector[] vectors = new DenseVector[rows.length];
      for (int i = 0; i < rows.length; i++) {
        double[] values = Arrays.copyOf(rows[i], rows[i].length + 1);
        values[rows[i].length] = 1;
        vectors[i] = DenseVector.createDenseVector(values);
      }
      return vectors;
    }

    void run(Curve curve) {
      double firstRate = settings.real("learning_rate");
      Schedule schedule = Schedule.ofLabel(settings.text("schedule"));
      int points = settings.whole(Settings.POINTS);
      for (int epoch = 0; epoch < points; epoch++) {
        double factor = schedule.factor(epoch, points);
        // A weight that has become NaN or infinite never recovers, so there is nothing left to compute.
        boolean alive = isFinite();
        double gradient = Double.NaN;
        if (alive) {
          gradient = runEpoch(firstRate * factor, factor);
          alive = isFinite();
        }
        curve.point(
            (epoch + 1L) * trainRows.length,
            firstRate * factor,
            gradient,
            alive ? evaluate(trainRows, trainTargets) : Scores.UNDEFINED,
            alive ? evaluate(validationRows, validationTargets) : Scores.UNDEFINED,
            alive ? evaluate(testRows, testTargets) : Scores.UNDEFINED);
      }
    }

    /** Returns the mean norm of the batches' gradients. */
    private double runEpoch(double rate, double factor) {
      int batchSize = settings.whole("batch_size");
      double shrink = 1 - rate * settings.real("weight_decay");
      int[] order = Seeds.permutation(trainRows.length, random);
      double norms = 0;
      int batches = 0;
      for (int start = 0; start < order.length && isFinite(); start += batchSize) {
        int end = Math.min(start + batchSize, order.length);
        Tensor[] update = gradient(order[start]);
        for (int i = start + 1; i < end; i++) {
          update[0].intersectAndAddInPlace(gradient(order[i])[0]);
        }
        update[0].scaleInPlace(1.0 / (end - start));
        norms += update[0].twoNorm();
        batches++;
        update = optimiser.step(update, 1);
        update[0].scaleInPlace(factor); // the optimisers of Tribuo know constant rates only
        if (shrink != 1) {
          parameters.getWeightMatrix().scaleInPlace(shrink);
        }
        parameters.update(update);
      }
      return norms / batches;
    }

    /** Uphill: what is added to the weights. */
    private Tensor[] gradient(int row) {
      SGDVector answer = parameters.predict(trainRows[row]);
      Pair<Double, SGDVector> loss =
          classes > 0 ? classLoss.lossAndGradient((int) trainTargets[row], answer) : numberLoss(row, answer);
      return parameters.gradients(loss, trainRows[row]);
    }

    private Pair<Double, SGDVector> numberLoss(int row, SGDVector answer) {
      DenseVector truth = DenseVector.createDenseVector(new double[] {trainTargets[row]});
      return settings.text("loss").equals("huber")
          ? new Huber().lossAndGradient(truth, answer)
          : new SquaredLoss().lossAndGradient(truth, answer);
    }

    private Scores evaluate(DenseVector[] rows, double[] targets) {
      Scores.Sum sum = new Scores.Sum();
      for (int i = 0; i < rows.length; i++) {
        DenseVector answer = parameters.predict(rows[i]);
        if (classes > 0) {
          sum.addClass(answer.toArray(), (int) targets[i]);
        } else {
          sum.addNumber(answer.get(0), targets[i]);
        }
      }
      return classes > 0 ? sum.ofClasses() : sum.ofNumbers();
    }

    /** Also false for weights beyond 1e154, whose squares overflow. */
    private boolean isFinite() {
      return Double.isFinite(parameters.getWeightMatrix().twoNorm());
    }

    private static StochasticGradientOptimiser optimiser(Settings settings) {
      double rate = settings.real("learning_rate");
      String name = settings.text("optimizer");
      switch (name) {
        case "sgd":
          return SGD.getSimpleSGD(rate);
        case "momentum":
          return SGD.getSimpleSGD(rate, 0.9, SGD.Momentum.STANDARD);
        case "nesterov":
          return SGD.getSimpleSGD(rate, 0.9, SGD.Momentum.NESTEROV);
        case "adagrad":
          return new AdaGrad(rate);
        case "rmsprop":
          return new RMSProp(rate, 0.9);
        case "adam":
          return new Adam(rate);
        default:
          throw new IllegalArgumentException("no optimiser is called '" + name + "'");
      }
    }
  }
}
