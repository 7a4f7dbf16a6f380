package io.stopcast.cli;

import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One run of those that are watched, and the answers to its steps. */
final class WatchedRun {
  private final Objective objective;
  private final StopPolicy.Watch watch;
  private Map<String, Object> decision = Map.of();
  private Optional<Step> last = Optional.empty();
  private Optional<Step> best = Optional.empty();

  WatchedRun(RunContext run, StopPolicy policy) {
    objective = run.objective();
    watch = policy.watch(run);
  }

  /**
   * Returns the decision and, for a stop or a change that is asked for, what led to it. A step that is not newer than the last one
   * is not looked at, and answered as that one was, but for the change.
   */
  Map<String, Object> answer(Step step) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("step", step.index());
    boolean isNew = last.isEmpty() || step.index() > last.get().index();
    if (isNew) {
      last = Optional.of(step);
      decision = observe(step);
    }
    answer.putAll(decision);
    if (!isNew) {
      answer.remove("advice"); // asked for once
      answer.put("ignored", true);
    }
    return answer;
  }

  private Map<String, Object> observe(Step step) {
    double gain = objective.gain(step);
    if (Double.isFinite(gain) && (best.isEmpty() || gain > objective.gain(best.get()))) {
      best = Optional.of(step);
    }
    Decision decision = watch.observe(step);
    if (!(decision instanceof Decision.Stop stop)) {
      return goOn((Decision.Continue) decision);
    }
    Optional<Outlook> outlook = watch.outlook();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("decision", "stop");
    fields.put("probability", known(outlook.map(Outlook::probability).orElse(watch.score())));
    fields.put("expected_gain", known(outlook.map(Outlook::gain).orElse(Double.NaN)));
    fields.put("best_step", best.map(Step::index).orElse(null));
    fields.put("reason", stop.reason());
    return fields;
  }

  private static Map<String, Object> goOn(Decision.Continue decision) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("decision", "continue");
    decision
        .advice()
        .ifPresent(
            change -> {
              Map<String, Object> advice = new LinkedHashMap<>();
              advice.put("change", change.word());
              advice.put(change.measure(), change.amount());
              advice.put("policy", decision.policy());
              advice.put("reason", decision.reason());
              fields.put("advice", advice);
            });
    return fields;
  }

  /** Null for what is unknown: a bare NaN is not JSON. */
  private static Double known(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
