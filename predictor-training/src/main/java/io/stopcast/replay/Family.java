package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;
import java.util.List;

/** One kind of rule with the settings among which tuning may choose. */
public record Family(String name, List<StopPolicy> settings) {
  public Family {
    settings = List.copyOf(settings);
    if (settings.isEmpty()) {
      throw new IllegalArgumentException("family '" + name + "' needs at least one setting");
    }
  }
}
