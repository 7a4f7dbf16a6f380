package io.stopcast.model;

import java.util.Locale;

/**
 * What is to be expected of a run if it goes on from here. Gains are in the metric's own unit and positive where the metric
 * gets better, whatever its direction; NaN where the run has no scale yet, as before its first rise.
 *
 * <p>Learned from what became of runs that the model had not seen, at points with the same score. It knows nothing of the
 * run but its score: two runs of one score differ only in their units.
 *
 * @param probability that stopping now is right at the price: that no later point has a smaller loss. Calibrated: of all
 *     points that say .95, about 95 % are right
 * @param gain how much the best value is expected to gain until the end of the run: the mean as {@link OutlookCurve} takes
 *     it
 * @param gainMedian the gain that every second run does not reach
 * @param gainHigh the gain that nine of ten runs do not reach
 * @param pointsToGain after how many points the best value is expected to stay within 1 % of the task's scale of its last
 */
public record Outlook(double probability, double gain, double gainMedian, double gainHigh, double pointsToGain) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "P(stopping is right) %.3f; gain %.4g expected, %.4g median, %.4g in nine of ten at most; in %.0f points",
        probability, gain, gainMedian, gainHigh, pointsToGain);
  }
}
