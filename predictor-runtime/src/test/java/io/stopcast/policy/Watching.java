package io.stopcast.policy;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shows curves to policies. */
final class Watching {
  static final RunContext RUN = RunContext.of(Objective.maximize("em"));

  private Watching() {}

  static RunContext planned(long points) {
    return RUN.withHorizon(Horizon.ofPoints(points));
  }

  /** Returns the values as steps 1, 2, .. of {@code em}, each of cost 1. */
  static List<Step> steps(double... values) {
    List<Step> steps = new ArrayList<>();
    for (double value : values) {
      int index = steps.size() + 1;
      steps.add(Step.of(index, index, "em", value));
    }
    return steps;
  }

  static double[] curve(String values) {
    return Arrays.stream(values.trim().split("\\s+")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Returns what a new watch decides at each step. */
  static List<Decision> decisions(StopPolicy policy, RunContext run, List<Step> steps) {
    StopPolicy.Watch watch = policy.watch(run);
    return steps.stream().map(watch::observe).toList();
  }

  /** Returns the position, from 1, of the first step that stops, 0 if none does. */
  static int stopOf(StopPolicy policy, RunContext run, List<Step> steps) {
    List<Decision> decisions = decisions(policy, run, steps);
    for (int i = 0; i < decisions.size(); i++) {
      if (decisions.get(i).isStop()) {
        return i + 1;
      }
    }
    return 0;
  }

  static int stopOf(StopPolicy policy, RunContext run, double... values) {
    return stopOf(policy, run, steps(values));
  }

  static int stopOf(StopPolicy policy, double... values) {
    return stopOf(policy, RUN, values);
  }

  /** Returns what the first stop says. */
  static Decision.Stop firstStop(StopPolicy policy, RunContext run, double... values) {
    return decisions(policy, run, steps(values)).stream()
        .filter(Decision.Stop.class::isInstance)
        .map(Decision.Stop.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
