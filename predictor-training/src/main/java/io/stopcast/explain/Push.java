package io.stopcast.explain;

/**
 * What one feature adds to the score where the run is explained.
 *
 * @param value NaN where it is unknown
 * @param logOdds Shapley value: positive speaks for stopping
 */
public record Push(String feature, double value, double logOdds) {}
