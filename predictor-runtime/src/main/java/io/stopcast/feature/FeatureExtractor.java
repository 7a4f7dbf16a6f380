package io.stopcast.feature;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a run, step by step, into a model's inputs: the only feature code there is, used live, in replay and in
 * training.
 *
 * <p>Everything is computed on gains, so that the direction of the metric does not show, and divided by the curve's own
 * scales, so that neither its unit nor its zero does. Nothing depends on steps to come, on the recorded length, or on
 * any name. The planned length is used as far as {@link Horizon} knows it, and only as the share of it that is done.
 *
 * <p>A <i>point</i> is a step that reports the objective. Where the reported value is NaN, infinite or beyond
 * +-10<sup>300</sup>, the point counts as time that passed, but its value is left out of the curve. The cost is taken
 * to be the largest finite one so far.
 *
 * <p>A feature is a finite number within +-2<sup>24</sup>, or NaN: not enough values yet, a plan or a signal that the
 * run does not have, or nothing to divide by, as for a curve that never moved.
 *
 * <p>Costs O(1) a step, amortised, about four tenths of a microsecond to observe and write. Where there are earlier runs, one more
 * for 64 of them on average and two at most: O(earlier runs) wherever the run comes to another of 32 parts of its way or
 * has a new best. About 2.4 kB a run whatever its length, and .5 kB and 12 bytes for each earlier run; no allocation after
 * construction, which takes some ten microseconds for 64. One run, one thread at a time.
 *
 * <p>In the table: t points so far, T planned points, n usable values y, b running best, lo running worst, R = b -
 * first, span = b - lo; e2 = exponential mean of weight .2; ad = mean(.1) of |dy|; ns = mean(.1) of
 * |second difference| / 1.954 (ad and ns at least span / 2<sup>20</sup>). All means start as plain ones. These are what is
 * left of 141, the others of which brought nothing ({@code docs/graveyard.md}).
 *
 * <table border="1">
 *   <caption>Groups of features; the part before the dot names the group</caption>
 *   <tr><td>time.*</td><td>t/T, log(1 + t), log(T/t); nothing of the cost but where it is what is
 *       planned, as few sources log an uneven one and trees would know them by it</td></tr>
 *   <tr><td>since.*</td><td>points since the best, as a share of t or of T (planned); since a value that counts under a min-delta of
 *       1 % of span, as a share of T</td></tr>
 *   <tr><td>bests.*</td><td>share of points that set a new best, in the last 10 and 20 and of all</td></tr>
 *   <tr><td>level.*</td><td>b - y over ad</td></tr>
 *   <tr><td>gain.*</td><td>y against the value before over span; b over R and e2 over span
 *       against their values at .9 (tenth), .75, .5 and .25 n</td></tr>
 *   <tr><td>log.*</td><td>gain of b from .5 n, times log2(T/t), over R: what is left on a logarithmic curve</td></tr>
 *   <tr><td>noise.*</td><td>ns over span; over ns: distance of b to e2, gains of b and e2 from .5 n</td></tr>
 *   <tr><td>slope.*</td><td>lines through the last 20 values, the last quarter
 *       and half of the curve: slope times n over span, t-statistic, deviation of the residuals over R, rise still to
 *       come by T over R (left)</td></tr>
 *   <tr><td>ahead.*</td><td>{@link Extrapolation}: value expected at 2t less b over ns, at T less b over R; its deviation
 *       over R, exponent</td></tr>
 *   <tr><td>train.*</td><td>whether there is a training loss (present: 0 or 1); its smoothed gain over 5 points
 *       and the last half, over its own span; the train/validation gap and its
 *       trend over span. To hide them, as for a run without: 0 for present, NaN for the rest</td></tr>
 *   <tr><td>prior.*</td><td>what the task's earlier runs say ({@link TaskHistory}), NaN without any but for their
 *       number (runs: log(1 + n)); in units of what the task has to gain as they tell it: share of the way (progress),
 *       quantiles of their final values less b (final); and of those
 *       that were near at the same share of the way, by level, by curve so far (prefix), by hyper-parameters (config)
 *       and by both: distance of the sixth nearest, by how much they end above b where they do (exceed), and what the best
 *       fixed plan to go on is worth at the price (plan; written anew by {@link #reprice})</td></tr>
 *   <tr><td>price</td><td>log10 of the price; always last; written by the caller</td></tr>
 * </table>
 *
 * <p>The formulas are those that proved themselves in trials on public learning curves; Prechelt, "Early Stopping - But
 * When?", 1998, has the ancestors of several.
 */
public final class FeatureExtractor {
  private static final int VERSION = 5;
  private static final double LIMIT = 0x1p24;

  /** How many values a line through the newest takes. */
  private static final int RECENT = 20;

  private static final double LOG2_E = 1 / Math.log(2);

  /** What is only needed while features are written: one for each thread, as one for each run would take 300 bytes of it. */
  private static final ThreadLocal<Scratch> SCRATCH =
      ThreadLocal.withInitial(() -> new Scratch(new Row(), new LineFit(), new LineFit(), new LineFit(), new Extrapolation()));

  private static final FeatureSchema SCHEMA = new FeatureSchema(VERSION, names());

  /** Position of the one feature that the caller fills in: log10 of the price of a full run's cost. */
  public static final int PRICE = SCHEMA.size() - 1;

  /** The feature that tells how many earlier runs there are; never NaN. */
  public static final String RUNS = "prior.runs";

  private static final int PLANS = 4;
  private static final int FIRST_PLAN = PRICE - PLANS;

  private final Objective objective;
  private final Horizon horizon;
  private final Curve curve = new Curve();
  private final TrainSignals train;
  private final HistorySignals prior;
  private double cost = Double.NaN;
  private long points;
  private long improvements;
  private long improvedBits; // The lowest for the latest point.

  /** Of a run whose task nobody has run before. */
  public FeatureExtractor(RunContext run) {
    this(run, TaskHistory.NONE);
  }

  /** Of a run whose task has a history. */
  public FeatureExtractor(RunContext run, TaskHistory history) {
    prior = new HistorySignals(history, run.parameters());
    objective = run.objective();
    horizon = run.horizon();
    train = new TrainSignals(objective);
  }

  /** How many points there were. */
  public long points() {
    return points;
  }

  /** The share of the plan that is done; NaN if unknown. */
  public double done() {
    return horizon.progress(points, cost);
  }

  /** How many points are planned still, as the share of the plan that is done tells; NaN if unknown. */
  public double pointsLeft() {
    double done = done();
    return done > 0 ? points * Math.max(0, 1 / done - 1) : Double.NaN;
  }

  /** Best gain less first one, in the metric's unit; NaN before the first usable value. */
  public double rise() {
    return curve.rise();
  }

  /** Whether the run has had two different usable values. */
  public boolean hasMoved() {
    return curve.span() > 0;
  }

  /** Returns what the caller writes at {@link #PRICE} for a positive price. */
  public static float priceFeature(double price) {
    return (float) Math.log10(price);
  }

  /** Returns the value of feature {@link #RUNS} for so many earlier runs. */
  public static float runsFeature(int runs) {
    return (float) Math.log(1 + runs);
  }

  /** The metric that tells on the training data what the objective tells on held-out data; empty if there is none. */
  public static Optional<String> counterpart(Objective objective) {
    return Optional.ofNullable(TrainSignals.counterpart(objective.metric()));
  }

  /** Names and order of the features. */
  public static FeatureSchema schema() {
    return SCHEMA;
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    FeatureSink sink = (name, value) -> names.add(name);
    FeatureExtractor extractor = new FeatureExtractor(RunContext.of(Objective.maximize("objective")));
    extractor.describe(sink, SCRATCH.get());
    extractor.prior.describePlans(sink, Double.NaN);
    names.add("price");
    return names;
  }

  /**
   * Takes the run's next step. Every step must be shown, in order: one that does not report the objective may still
   * tell about training.
   *
   * @return whether the step is a point, that is, whether the features describe a new one
   */
  public boolean observe(Step step) {
    train.observe(step);
    double gain = objective.gain(step);
    if (Double.isNaN(gain) && !objective.isReportedBy(step)) {
      return false;
    }
    points++;
    addCost(step.cost());
    improvedBits <<= 1;
    if (Curve.isUsable(gain)) {
      train.point(gain);
      if (curve.add(gain, points, train.smooth())) {
        improvements++;
        improvedBits |= 1;
      }
    } else {
      train.point(Double.NaN);
    }
    prior.point(points, done(), curve.best());
    return true;
  }

  private void addCost(double now) {
    if (now >= 0 && Curve.isUsable(now) && !(now < cost)) {
      cost = now;
    }
  }

  /**
   * Writes the features as of the last point. The price must stand at {@link #PRICE} already: it stays as it is, and
   * some of the others depend on it.
   *
   * @param into as long as {@link #schema()}
   */
  public void write(float[] into) {
    if (into.length != SCHEMA.size()) {
      throw new IllegalArgumentException(
          "features need an array of the schema's size %d, but it was of size %d"
              .formatted(SCHEMA.size(), into.length));
    }
    Scratch scratch = SCRATCH.get();
    scratch.row.start(into, 0);
    describe(scratch.row, scratch);
    reprice(into, scratch.row);
  }

  /**
   * Writes anew what depends on the price that stands at {@link #PRICE}. The rest must be what {@link #write} wrote for
   * the same point.
   */
  public void reprice(float[] into) {
    reprice(into, SCRATCH.get().row);
  }

  private void reprice(float[] into, Row row) {
    row.start(into, FIRST_PLAN);
    prior.describePlans(row, row.price());
  }

  /** Returns the features as of the last point in a new array; the price is NaN. */
  public float[] features() {
    float[] features = new float[SCHEMA.size()];
    features[PRICE] = Float.NaN;
    write(features);
    return features;
  }

  /** Writes all that {@link #restore} needs to go on as if nothing had happened. */
  public void save(DataOutput out) throws IOException {
    curve.save(out);
    train.save(out);
    prior.save(out);
    out.writeDouble(cost);
    out.writeLong(points);
    out.writeLong(improvements);
    out.writeLong(improvedBits);
  }

  /**
   * Takes over what another extractor saved. This one must be new, and of the same run with the same history; that is up to
   * the caller.
   *
   * @throws IOException if it is anything else
   */
  public void restore(DataInput in) throws IOException {
    curve.restore(in);
    train.restore(in);
    prior.restore(in);
    cost = in.readDouble();
    points = in.readLong();
    improvements = in.readLong();
    improvedBits = in.readLong();
  }

  /** All but what depends on the price, and the price. */
  private void describe(FeatureSink to, Scratch scratch) {
    double share = done();
    double done = share > 0 ? share : Double.NaN; // What is left cannot be told from a run that has cost nothing yet.
    double logLeft = -Math.log(done);
    Thinned whole = curve.whole();
    int half = whole.slot(.5);
    int quarter = whole.slot(.75);
    double perSpan = over(1, curve.span());
    scratch.ahead.fit(whole, curve.last(), perSpan, Math.max(1, 1 / done));
    whole.fit(half, perSpan, scratch.half);
    whole.fit(quarter, perSpan, scratch.quarter);
    curve.values().fit(RECENT, perSpan, scratch.newest);
    to.put("time.done", share);
    to.put("time.log_points", Logarithms.of(1 + points));
    to.put("time.log_left", logLeft);
    describeSince(to, done);
    describeBests(to);
    describeLevel(to);
    describeGains(to, logLeft, half, quarter);
    describeSlopes(to, done, scratch.newest, scratch.quarter, scratch.half);
    describeAhead(to, scratch.ahead);
    describeTrain(to, half);
    prior.describe(to);
  }

  private void describeSince(FeatureSink to, double done) {
    double best = points - curve.bestAt();
    double planned = done / points;
    to.put("since.best_share", best / points);
    to.put("since.best_planned", best * planned);
    to.put("since.span_01_planned", (points - curve.countedAt()) * planned);
  }

  private void describeBests(FeatureSink to) {
    to.put("bests.last_10", improvedShare(10));
    to.put("bests.last_20", improvedShare(20));
    to.put("bests.all", over(improvements, points - 1));
  }

  private double improvedShare(int last) {
    return over(Long.bitCount(improvedBits & (1L << last) - 1), Math.min(last, points - 1));
  }

  private void describeLevel(FeatureSink to) {
    to.put("level.below_step", over(curve.best() - curve.last(), curve.stepSize()));
  }

  private void describeGains(FeatureSink to, double logLeft, int half, int quarter) {
    Thinned whole = curve.whole();
    double span = curve.span();
    double rise = curve.rise();
    double noise = curve.noise();
    double best = curve.best();
    double smooth = curve.smooth();
    double bestHalf = best - whole.best(half);
    to.put("gain.y_1", over(curve.last() - curve.value(1), span));
    to.put("gain.best_tenth", over(best - whole.best(whole.slot(.9)), rise));
    to.put("gain.best_quarter", over(best - whole.best(quarter), rise));
    to.put("gain.best_half", over(bestHalf, rise));
    to.put("gain.best_three_quarters", over(best - whole.best(whole.slot(.25)), rise));
    to.put("gain.smooth_quarter", over(smooth - whole.smooth(quarter), span));
    to.put("log.best_left", over(bestHalf * logLeft * LOG2_E, rise));
    to.put("noise.span", over(noise, span));
    to.put("noise.above_smooth", over(best - smooth, noise));
    to.put("noise.best_half", over(bestHalf, noise));
    to.put("noise.smooth_half", over(smooth - whole.smooth(half), noise));
  }

  private void describeSlopes(FeatureSink to, double done, LineFit newest, LineFit quarter, LineFit half) {
    double span = curve.span();
    double spanOverRise = over(span, curve.rise());
    // Values still to come by the plan, if they come as densely as those so far.
    double left = curve.length() * Math.max(0, 1 / done - 1);
    to.put("slope.last_20_deviation", newest.deviation() * spanOverRise);
    to.put("slope.last_20_left", newest.slope() * left * spanOverRise);
    Thinned whole = curve.whole();
    double perValue = 1.0 / whole.stride();
    to.put("slope.quarter", quarter.slope() * perValue * curve.length());
    to.put("slope.half", half.slope() * perValue * curve.length());
    to.put("slope.half_t", half.t());
    to.put("slope.half_deviation", half.deviation() * spanOverRise);
    to.put("slope.half_left", half.slope() * perValue * left * spanOverRise);
  }

  private void describeAhead(FeatureSink to, Extrapolation ahead) {
    double span = curve.span();
    double rise = curve.rise();
    double best = over(curve.best() - curve.last(), span);
    to.put("ahead.doubled_noise", over((ahead.doubled() - best) * span, curve.noise()));
    to.put("ahead.planned", over((ahead.planned() - best) * span, rise));
    to.put("ahead.deviation", over(ahead.deviation() * span, rise));
    to.put("ahead.exponent", ahead.exponent());
  }

  private void describeTrain(FeatureSink to, int half) {
    Thinned whole = curve.whole();
    double span = curve.span();
    double own = train.span();
    to.put("train.present", train.present() ? 1 : 0);
    to.put("train.gain_5", over(train.smooth() - train.fiveAgo(), own));
    to.put("train.gain_half", over(train.smooth() - whole.train(half), own));
    to.put("train.gap", over(train.gap(), span));
    to.put("train.gap_trend", over(train.gapTrend(), span));
  }

  /** Returns the quotient, NaN unless the divisor is a normal positive number. */
  private static double over(double dividend, double divisor) {
    return divisor >= Double.MIN_NORMAL ? dividend / divisor : Double.NaN;
  }

  private record Scratch(Row row, LineFit newest, LineFit quarter, LineFit half, Extrapolation ahead) {}

  /** The caller's array, filled in order. */
  private static final class Row implements FeatureSink {
    private float[] into;
    private int next;
    private float priceFeature = Float.NaN;
    private double price = Double.NaN;

    void start(float[] array, int first) {
      into = array;
      next = first;
    }

    /** The price that stands in the array: mostly the one that stood there last time, and powers are slow. */
    double price() {
      if (into[PRICE] != priceFeature) {
        priceFeature = into[PRICE];
        price = Math.pow(10, priceFeature);
      }
      return price;
    }

    @Override
    public void put(String name, double value) {
      double limited = Math.abs(value) > LIMIT ? Math.copySign(LIMIT, value) : value; // half the time of a minimum and a maximum
      // Adding zero makes a negative zero positive: equal features are equal bit for bit.
      into[next++] = (float) limited + 0f;
    }
  }
}
