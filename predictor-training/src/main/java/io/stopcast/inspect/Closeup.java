package io.stopcast.inspect;

import io.stopcast.model.Attribution;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One judged run as the policy of its fold saw it, to its recorded end.
 *
 * @param scores the probability at each point, not calibrated; NaN where the policy was not asked
 * @param reason why it stopped; empty if it did not
 * @param drivers what moved its score at the stop, or at the last point of a run that was not stopped; empty if it does not know
 */
public record Closeup(double[] scores, Optional<String> reason, List<Driver> drivers) {
  /**
   * What a group of features adds to the score.
   *
   * @param group the part of the features' names before the dot
   * @param part in log-odds; positive speaks for stopping
   * @param feature the one that adds most in this direction
   * @param value of that feature; NaN for unknown
   */
  public record Driver(String group, double part, String feature, double value) {}

  public Closeup {
    drivers = List.copyOf(drivers);
  }

  /** Watches a run; {@code run} as the policy is shown it. */
  public static Closeup of(StopPolicy policy, ScoredRun scored, Run run) {
    StopPolicy.Watch watch = policy.watch(run.context());
    double[] scores = new double[scored.length()];
    Arrays.fill(scores, Double.NaN);
    Optional<String> reason = Optional.empty();
    Optional<Attribution> attribution = Optional.empty();
    int point = 0;
    for (Step step : run.steps()) {
      Decision decision = watch.observe(step);
      boolean isPoint = run.context().objective().isReportedBy(step);
      boolean last = point == scored.length() - 1;
      if (reason.isEmpty() && (decision.isStop() || isPoint && last)) {
        attribution = watch.attribution();
        if (decision instanceof Decision.Stop stop && !last) {
          reason = Optional.of(stop.reason());
        }
      }
      if (isPoint) {
        scores[point++] = watch.score();
      }
    }
    return new Closeup(scores, reason, attribution.map(Closeup::drivers).orElse(List.of()));
  }

  private static List<Driver> drivers(Attribution attribution) {
    List<String> names = attribution.schema().names();
    List<Driver> drivers = new ArrayList<>();
    for (Map.Entry<String, int[]> group : Importance.groups(names).entrySet()) {
      double sum = 0;
      for (int feature : group.getValue()) {
        sum += attribution.parts()[feature];
      }
      int strongest = group.getValue()[0];
      for (int feature : group.getValue()) {
        double part = attribution.parts()[feature];
        double most = attribution.parts()[strongest];
        strongest = sum >= 0 ? (part > most ? feature : strongest) : part < most ? feature : strongest;
      }
      drivers.add(new Driver(group.getKey(), sum, names.get(strongest), attribution.features()[strongest]));
    }
    drivers.sort(Comparator.comparingDouble((Driver driver) -> -Math.abs(driver.part)).thenComparing(Driver::group));
    return drivers;
  }
}
