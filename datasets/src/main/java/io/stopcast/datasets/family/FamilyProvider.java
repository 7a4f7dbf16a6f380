package io.stopcast.datasets.family;

import io.stopcast.datasets.table.DebianPackages;
import java.util.List;

/**
 * Brings families that another jar holds, by {@link java.util.ServiceLoader}: those that need a deep-learning engine
 * stay out of the default build.
 */
public interface FamilyProvider {
  /** The families, with their data from these packages. */
  List<Family> families(DebianPackages packages);
}
