package io.stopcast.live;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Attribution;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Advice;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Stochastic;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Locale;
import java.util.Optional;

/** The decision log of one run. */
final class RunLog {
  private final DecisionLog log;
  private final RunContext run;
  private final LiveModel model;
  private double threshold = Double.NaN;
  private Listening listening;
  private Optional<Stochastic> exploring = Optional.empty();
  private boolean broken;
  private long written;
  private long leftOut;

  RunLog(DecisionLog log, RunContext run, LiveModel model) {
    this.log = log;
    this.run = run;
    this.model = model;
  }

  boolean isShadow() {
    return log.shadow();
  }

  /** The policy whose model is listened to. */
  LearnedPolicy listenTo(LearnedPolicy policy) {
    listening = new Listening(policy.model());
    threshold = policy.thresholdFor(run);
    return policy.with(listening);
  }

  /**
   * Tells what decides: the policy that is listened to, alone or with something around it. Where that lets some runs go on by chance, the log says so,
   * since a run that would have been stopped shows what stopping loses.
   */
  void decidedBy(StopPolicy all, LearnedPolicy listened) {
    exploring =
        all instanceof Stochastic some && some.draw() == Stochastic.Draw.RUN && some.policy() == listened ? Optional.of(some) : Optional.empty();
  }

  void begin(long resumedAfter, boolean resumed) {
    Json head =
        line()
            .put("source", run.source())
            .put("task", run.task())
            .put("objective", run.objective().metric())
            .put("goal", run.objective().direction().name().toLowerCase(Locale.ROOT))
            .put("planned", run.horizon().points())
            .put("planned_cost", run.horizon().cost())
            .put("cost_unit", run.costUnit())
            .put("model", model.version())
            .put("sha256", model.sha256())
            .put("price", model.policy().price())
            .put("shadow", log.shadow());
    LearnedPolicy policy = model.policy();
    policy.limit().ifPresent(limit -> head.put("limit", limit.format()).put("unit", policy.unitOf(run).word()));
    exploring.ifPresent(some -> head.put("stop_probability", some.probability()).put("exempt", some.isExempt(run)));
    write(head);
    if (resumed) {
      write(line().put("resumed_after", resumedAfter));
    }
  }

  /**
   * Logs a point.
   *
   * @param score NaN if the model did not answer
   * @param by who decided
   * @param firstStop whether this is the first stop of the run
   */
  void point(Step step, double value, Decision decision, double score, String by, boolean firstStop) {
    boolean asked = !Double.isNaN(score) && listening.asked;
    if (listening != null) {
      listening.asked = false;
    }
    if (written >= log.mostLines() && !firstStop) {
      leftOut++;
      return;
    }
    written++;
    Json json =
        line()
            .put("step", step.index())
            .put("cost", step.cost())
            .put("value", value)
            .put("features", asked ? "%016x".formatted(listening.digest) : null)
            .put("score", asked ? score : Double.NaN)
            .put("threshold", threshold)
            .put("model", model.version())
            .put("by", by)
            .put("decision", decision.isStop() ? "stop" : "continue");
    if (decision instanceof Decision.Continue change && change.advice().isPresent()) {
      Advice advice = change.advice().get();
      json.put(
          "advice",
          new Json()
              .put("change", advice.word())
              .put(advice.measure(), advice.amount())
              .put("policy", change.policy())
              .put("reason", change.reason()));
    }
    write(firstStop && decision instanceof Decision.Stop stop ? json.put("reason", stop.reason()) : json);
  }

  void end(End end, Optional<GuardedWatch.Best> best, boolean stopped, long stoppedAt) {
    Json json =
        line().put("end", true).put("ended", end.word()).put("steps_logged", written).put("steps_left_out", leftOut);
    best.ifPresent(b -> json.put("best", b.value()).put("best_step", b.step()));
    write(stopped ? json.put("stop", stoppedAt) : json);
  }

  private Json line() {
    return new Json().put("run", run.run());
  }

  private void write(Json line) {
    if (broken) {
      return;
    }
    broken = true;
    log.lines().accept(line.toString());
    broken = false; // only if it has not thrown
  }

  /** Remembers what the model was asked. */
  private static final class Listening implements StopModel {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final StopModel model;
    private boolean asked;
    private long digest;

    Listening(StopModel model) {
      this.model = model;
    }

    @Override
    public FeatureSchema schema() {
      return model.schema();
    }

    @Override
    public float margin(float[] features) {
      return model.margin(features);
    }

    @Override
    public float score(float[] features) {
      float score = model.score(features);
      digest = FNV_OFFSET;
      for (float feature : features) {
        int bits = Float.floatToIntBits(feature);
        for (int shift = 24; shift >= 0; shift -= 8) {
          digest = (digest ^ (bits >>> shift & 0xFF)) * FNV_PRIME;
        }
      }
      asked = true;
      return score;
    }

    @Override
    public Optional<Attribution> attribution(float[] features) {
      return model.attribution(features);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
