package io.stopcast.datasets.trial;

import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Tables;
import java.io.IOException;
import java.util.List;

/** Brings tasks that another jar holds, by {@link java.util.ServiceLoader}: those that need a deep-learning engine. */
public interface TrialProvider {
  /** The tasks, with their data from these packages. */
  List<TrialTask> tasks(DebianPackages packages, Tables tables) throws IOException;
}
