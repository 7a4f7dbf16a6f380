package io.stopcast.explain;

/**
 * One point of a run, and what the model thought there.
 *
 * @param point counted from 1
 * @param step the trainer's own count
 * @param value of the objective, in its unit
 * @param best so far, in its unit; NaN before the first finite value
 * @param share of the run's recorded cost that was spent, within 0..1
 * @param score NaN where the model was not asked
 * @param logged the score in the decision log; NaN without one
 * @param probability that stopping is right, calibrated; NaN if unknown
 * @param gain expected of the best value, if it goes on, in the metric's unit; NaN if unknown
 * @param pointsToGain after how many points nothing worthwhile is left to come; NaN if unknown
 * @param stop whether it said stop
 */
public record Moment(
    int point,
    long step,
    double value,
    double best,
    double share,
    double score,
    double logged,
    double probability,
    double gain,
    double pointsToGain,
    boolean stop) {}
