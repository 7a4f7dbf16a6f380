package io.stopcast.live;

import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;

/**
 * A model that was read and checked, at a price.
 *
 * @param version what its registry calls it
 * @param sha256 of its file
 */
record Loaded(String version, String sha256, LearnedPolicy policy) {
  static Loaded of(String version, ModelFile file, double price) {
    return new Loaded(version, file.sha256(), LearnedPolicy.of(file, price));
  }
}
