package io.stopcast.live;

import io.stopcast.model.ModelFile;
import io.stopcast.policy.LearnedPolicy;
import java.util.function.Function;

/**
 * A model that was read and checked, at a price or within a limit.
 *
 * @param version what its registry calls it
 * @param sha256 of its file
 */
record Loaded(String version, String sha256, LearnedPolicy policy) {
  /**
   * @param terms how a policy is made of a model; may refuse one that does not promise what was asked
   */
  static Loaded of(String version, ModelFile file, Function<ModelFile, LearnedPolicy> terms) {
    return new Loaded(version, file.sha256(), terms.apply(file));
  }
}
