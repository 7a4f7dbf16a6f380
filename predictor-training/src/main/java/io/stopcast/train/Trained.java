package io.stopcast.train;

import io.stopcast.model.ModelFile;

/**
 * A new model, and how far its probabilities come true, of which the file holds a part ({@link Reliability}).
 */
public record Trained(ModelFile model, ProbabilityCheck probabilities) {}
