package io.stopcast.datasets.family;

import io.stopcast.datasets.table.TableSource;
import io.stopcast.run.Run;
import java.io.IOException;
import java.util.List;

/** A way of training, with all runs that it contributes. Not for use by several threads. */
public interface Family {
  /** Its letter in the catalogue, such as {@code B}: what {@code --family} takes. */
  String letter();

  /** The name in tasks and files, such as {@code boosting}. */
  String name();

  /** Changes whenever the same plan would give other numbers, so that runs of two kinds cannot be mixed up. */
  String codeVersion();

  /** All its runs, the same ones at every call and on every machine; known without any data. */
  List<RunPlan> plans();

  /** The tables that it trains on, if that is what it does. */
  default List<TableSource> tables() {
    return List.of();
  }

  /**
   * Trains one run to its planned end. The same plan gives the same run.
   *
   * @throws IOException if the data cannot be had
   */
  Run train(RunPlan plan) throws IOException;
}
