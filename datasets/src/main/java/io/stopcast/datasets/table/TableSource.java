package io.stopcast.datasets.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a table comes from and what is asked of it.
 *
 * @param name the table's own name, as its package has it
 * @param debianPackage the package that ships it; empty if the table is made on the spot
 * @param question what the target is and what runs on it are judged by
 * @param reader makes the table of the package's files
 */
public record TableSource(String name, String debianPackage, Question question, Reader reader) {
  public TableSource {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(reader, "reader");
  }

  /** Makes a table. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads or makes the table.
     *
     * @param root the folder with the package's files; of no meaning without a package
     * @throws IOException if a file cannot be read
     */
    Table read(TableSource source, Path root) throws IOException;
  }

  /** What the target is, and what runs are judged by. */
  public enum Question {
    /** A category, judged by the share of right answers. */
    ACCURACY,
    /** A category, judged by the mean negative log-likelihood. */
    LOGLOSS,
    /** A number, judged by the root of the mean squared error in standard deviations. */
    RMSE,
    /** A positive number over orders of magnitude: as {@link #RMSE}, of its logarithm. */
    RMSE_OF_LOG;

    public boolean isRegression() {
      return this == RMSE || this == RMSE_OF_LOG;
    }
  }
}
