package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Schedule;
import io.stopcast.datasets.family.Settings;
import java.util.function.Supplier;

/** The way of a run from its first step to its planned end. */
final class Course {
  static final String STEPS_PER_POINT = "steps_per_point";
  static final String LEARNING_RATE = "learning_rate";
  static final String SCHEDULE = "schedule";
  /** Share of the run in which the learning rate rises from nothing. */
  static final String WARMUP = "warmup";
  static final String BATCH_SIZE = "batch_size";

  /**
   * What a point shows.
   *
   * @param cost so far
   * @param examples trained on so far
   * @param trainLoss mean over the batches since the last point, each before its step
   * @param learningRate of the last step
   * @param gradientNorm mean over the batches since the last point, before clipping
   */
  record Point(
      long cost,
      long examples,
      double trainLoss,
      double learningRate,
      double gradientNorm,
      Score validation,
      Score test) {}

  /** Takes the points as they come. */
  @FunctionalInterface
  interface Log {
    void add(Point point);
  }

  private Course() {}

  /** Trains to the planned end, whatever happens: a run that has diverged reports NaN from then on. */
  static void run(Fit fit, Settings settings, Supplier<Batch> batches, Batch validation, Batch test, Log log) {
    int points = settings.whole(Settings.POINTS);
    int steps = settings.whole(STEPS_PER_POINT);
    double highest = settings.real(LEARNING_RATE);
    double warmup = settings.real(WARMUP) * points * steps;
    Schedule schedule = Schedule.ofLabel(settings.text(SCHEDULE));
    long cost = 0;
    long examples = 0;
    for (int point = 0; point < points; point++) {
      double loss = 0;
      double norm = 0;
      double rate = 0;
      for (int i = 0; i < steps; i++) {
        int done = point * steps + i;
        rate = highest * schedule.factor(point, points) * (done < warmup ? (done + 1) / (warmup + 1) : 1);
        Batch batch = batches.get();
        Fit.Step step = fit.train(batch, rate);
        loss += step.loss() / steps;
        norm += step.gradientNorm() / steps;
        cost += batch.cost();
        examples += batch.examples();
      }
      log.add(new Point(cost, examples, loss, rate, norm, fit.examine(validation), fit.examine(test)));
    }
  }
}
