package io.stopcast.live;

import io.stopcast.model.StopModel;
import io.stopcast.policy.LearnedPolicy;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/** Models by version, made anew whenever they are loaded. */
final class FakeSource implements ModelSource {
  static final double PRICE = .1;
  static final double THRESHOLD = .6;

  /** The version that the alias names. */
  volatile String version = "0001";

  /** Thrown by the next loads, if any. */
  volatile IOException failure;

  private final Function<String, StopModel> models;

  FakeSource(Function<String, StopModel> models) {
    this.models = models;
  }

  @Override
  public Optional<Loaded> changedFrom(String known) throws IOException {
    return version.equals(known) ? Optional.empty() : Optional.of(version(version));
  }

  @Override
  public Loaded version(String wanted) throws IOException {
    if (failure != null) {
      throw failure;
    }
    return new Loaded(wanted, "sha-of-" + wanted, policy(models.apply(wanted)));
  }

  /** One policy, whatever its version. */
  static ModelSource only(LearnedPolicy policy) {
    return new ModelSource() {
      @Override
      public Optional<Loaded> changedFrom(String known) {
        return Optional.of(version("0001"));
      }

      @Override
      public Loaded version(String version) {
        return new Loaded(version, "sha-of-" + version, policy);
      }
    };
  }

  static LearnedPolicy policy(StopModel model) {
    return new LearnedPolicy(model, PRICE, THRESHOLD);
  }
}
