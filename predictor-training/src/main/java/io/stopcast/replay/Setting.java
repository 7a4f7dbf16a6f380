package io.stopcast.replay;

import io.stopcast.policy.StopPolicy;

/** One of the settings of a policy among which tuning has chosen. */
public record Setting(String name, StopPolicy policy) {}
