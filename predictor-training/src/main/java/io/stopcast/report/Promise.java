package io.stopcast.report;

import io.stopcast.model.RegretLimit;
import io.stopcast.replay.Interval;
import io.stopcast.replay.Split;
import io.stopcast.risk.PromiseTrial;
import java.util.OptionalDouble;

/**
 * A limit on harm beside what happened on runs that neither training nor its certificate had seen.
 *
 * @param split what was held out
 * @param price at which the models stopped
 * @param words what is limited, as the start of a sentence: "the share of runs that lose more than 0.02"
 * @param promised the most that it may be, within 0..1
 * @param observed what it was
 * @param interval of {@code observed}, 95 %
 * @param saved mean share of the compute saved within the limit
 * @param units how many configurations or groups of tasks were judged
 */
public record Promise(
    Split split, double price, String words, double promised, double observed, Interval interval, double saved, int units) {
  /** Of a trial under a split. */
  public static Promise of(Split split, PromiseTrial trial) {
    String limited =
        trial.limit().overall() instanceof RegretLimit.Exceeding exceeding
            ? "the share of runs that lose more than " + exceeding.regret()
            : "the mean regret";
    OptionalDouble early = trial.limit().early();
    String words = early.isPresent() ? "of the runs stopped before %s of their cost %s".formatted(early.getAsDouble(), limited) : limited;
    return new Promise(
        split, trial.price(), words, trial.promised(), trial.observed(), trial.interval(), trial.saved(), trial.units());
  }

  /** Whether what was observed is no more than promised. */
  public boolean held() {
    return observed <= promised;
  }
}
