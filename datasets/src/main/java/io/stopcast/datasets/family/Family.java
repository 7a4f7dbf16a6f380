package io.stopcast.datasets.family;

import io.stopcast.run.Run;
import java.io.IOException;
import java.util.List;

/** A way of training, with all runs that it contributes. Not for use by several threads. */
public interface Family {
  /** The name in tasks and files, such as {@code boosting}. */
  String name();

  /** Changes whenever the same plan would give other numbers, so that runs of two kinds cannot be mixed up. */
  String codeVersion();

  /** All its runs, the same ones at every call and on every machine; known without any data. */
  List<RunPlan> plans();

  /**
   * Trains one run to its planned end. The same plan gives the same run.
   *
   * @throws IOException if the data cannot be had
   */
  Run train(RunPlan plan) throws IOException;
}
