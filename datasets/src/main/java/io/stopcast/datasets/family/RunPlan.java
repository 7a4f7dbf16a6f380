package io.stopcast.datasets.family;

/**
 * A run that is to be trained.
 *
 * @param task the family and what it is trained on, such as {@code boosting/Sonar}
 * @param run its name within the task
 * @param seed decides all that is random in the training
 * @param settings the hyper-parameters
 */
public record RunPlan(String task, String run, int seed, Settings settings) {}
