package io.stopcast.feature;

/**
 * Takes one feature after the other. The line that computes a feature also names it, so that the schema, which is what
 * a sink of names collects, cannot drift from what is computed.
 */
@FunctionalInterface
interface FeatureSink {
  void put(String name, double value);
}
