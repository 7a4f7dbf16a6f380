package io.stopcast.live;

/**
 * What a {@link Watcher} met so far, over all its runs.
 *
 * @param faults how often something inside failed, whatever it was
 * @param repeated steps that came again as they had come, and were ignored
 * @param changed steps that came again with another value of the objective, which comes too late: the decision was repeated
 * @param old steps that came after a later one, and were ignored
 * @param unusableCosts costs that were negative or infinite, and taken for unknown
 */
public record Counts(long faults, long repeated, long changed, long old, long unusableCosts) {}
