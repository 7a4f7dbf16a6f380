package io.stopcast.datasets;

import io.stopcast.datasets.family.RunLog;
import io.stopcast.datasets.trial.Trainee;
import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.Advice;
import io.stopcast.policy.Bounds;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.Replay;
import io.stopcast.replay.Stop;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One training of a task from a seed, steered as an arm says. */
record AdviceTraining(TrialTask task, int seed, AdviceArm arm, double price) {
  static final String ARM = "arm";
  static final String PRICE = "price";
  static final String SEED = "seed";
  /** What was changed, and after which epoch. */
  static final String CHANGES = "changes";
  private static final String SOURCE = "stopcast";

  /** Trains for real. What the trainee cannot change is noted as not made. */
  Run train(ModelFile model) throws IOException {
    double rate = task.rate(seed);
    List<String> changes = new ArrayList<>();
    End end = End.COMPLETED;
    RunLog log;
    try (Trainee trainee = task.start(seed)) {
      RunContext run = context(trainee.batchSize());
      StopPolicy.Watch watch = arm.policy(model, price, task, rate).watch(run);
      List<String> signals = new ArrayList<>(task.signals());
      signals.addAll(List.of(Bounds.LEARNING_RATE, Bounds.BATCH_SIZE));
      log = new RunLog(task.objective(), task.label(), signals);
      for (int epoch = 0; epoch < task.epochs() && end == End.COMPLETED; epoch++) {
        double now = arm == AdviceArm.FIXED ? rate * task.fixedFactor(epoch) : rate;
        int batch = trainee.batchSize();
        Trainee.Report report = trainee.epoch(now);
        double[] values = Arrays.copyOf(report.values(), signals.size());
        values[signals.size() - 2] = now;
        values[signals.size() - 1] = batch > 0 ? batch : Double.NaN;
        log.point(report.cost(), report.test(), values);
        Decision decision = watch.observe(log.last());
        if (decision.isStop()) {
          end = End.EARLY_STOPPED;
        } else if (decision.advice().isPresent()) {
          Advice advice = decision.advice().get();
          boolean isMade = true;
          if (advice instanceof Advice.ReduceLearningRate slower) {
            rate *= slower.factor();
          } else {
            isMade = trainee.take(advice);
          }
          changes.add("%d %s %s%s".formatted(epoch + 1, advice.word(), advice.amount(), isMade ? "" : " not made"));
        }
      }
      return log.toRun(context(run, changes), end);
    }
  }

  /** Cuts a run that was not steered where the arm would have stopped it: before that they are the same. */
  Run replayed(ModelFile model, Run whole) {
    RunContext run = new RunContext(SOURCE, taskName(), runName(), task.objective(), whole.context().horizon(), whole.context().costUnit(), Map.of());
    Stop stop = Replay.of(arm.policy(model, price, task, task.rate(seed)), new Run(run, whole.steps(), whole.labels(), whole.end()));
    int length = stop.point() + 1;
    Map<String, double[]> labels = new HashMap<>();
    whole.labels().forEach((name, values) -> labels.put(name, Arrays.copyOf(values, length)));
    Map<String, Object> parameters = new HashMap<>(whole.context().parameters());
    parameters.putAll(parameters());
    parameters.put("replayed", true);
    RunContext context =
        new RunContext(SOURCE, taskName(), runName(), task.objective(), whole.context().horizon(), whole.context().costUnit(), parameters);
    return new Run(context, whole.steps().subList(0, length), labels, stop.stopped() ? End.EARLY_STOPPED : End.COMPLETED);
  }

  private String taskName() {
    return "advice/" + task.name();
  }

  private String runName() {
    return arm.name().toLowerCase(Locale.ROOT) + (arm.hasPrice() ? "-" + price : "") + "-" + seed;
  }

  private Map<String, Object> parameters() {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put(ARM, arm.name());
    if (arm.hasPrice()) {
      parameters.put(PRICE, price);
    }
    return parameters;
  }

  private RunContext context(int batchSize) {
    Map<String, Object> parameters = new HashMap<>(task.parameters());
    parameters.putAll(parameters());
    parameters.put(SEED, (long) seed);
    parameters.put(Bounds.LEARNING_RATE, task.rate(seed));
    if (batchSize > 0) {
      parameters.put(Bounds.BATCH_SIZE, (long) batchSize);
    }
    return new RunContext(SOURCE, taskName(), runName(), task.objective(), Horizon.ofPoints(task.epochs()), "samples", parameters);
  }

  private static RunContext context(RunContext run, List<String> changes) {
    Map<String, Object> parameters = new HashMap<>(run.parameters());
    parameters.put(CHANGES, String.join("; ", changes));
    return new RunContext(run.source(), run.task(), run.run(), run.objective(), run.horizon(), run.costUnit(), parameters);
  }
}
