package io.stopcast.report;

import io.stopcast.replay.Interval;

/**
 * A limit on harm that a model was published with, beside what happened on runs that it had not seen.
 *
 * @param words what is promised, as the start of a sentence: "a stopped run loses more than .02"
 * @param promised the largest share of runs for which this may be so, within 0..1
 * @param observed the share for which it was
 * @param interval of {@code observed}, 95 %
 * @param runs how many were judged
 */
public record Promise(String words, double promised, double observed, Interval interval, int runs) {
  /** Whether the observed share is no larger than promised. */
  public boolean held() {
    return observed <= promised;
  }
}
