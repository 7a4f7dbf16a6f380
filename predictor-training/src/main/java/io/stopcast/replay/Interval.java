package io.stopcast.replay;

/** Where a mean is to be expected in 95 of 100 cases. */
public record Interval(double low, double high) {}
