package io.stopcast.datasets.table;

import java.util.List;
import java.util.Objects;

/**
 * Where a table comes from and what is asked of it.
 *
 * @param name the table's own name, as its package has it
 * @param debianPackage the package that ships it
 * @param path its file in the package, relative to the root; for lazy-load files without the ending
 * @param form how the file is written
 * @param target the column to predict; ignored for {@link Form#CSV}, where it is the last
 * @param dropped columns that are left out: identifiers, and what gives the target away
 * @param question what the target is and what runs on it are judged by
 */
public record TableSource(
    String name, String debianPackage, String path, Form form, String target, List<String> dropped, Question question) {
  public TableSource {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(question, "question");
    dropped = List.copyOf(dropped);
  }

  /** How the file is written. */
  public enum Form {
    /** R's {@code save}, one file. */
    R_SAVED,
    /** A package's lazy-load pair. */
    R_LAZY,
    /** Numbers between commas, the target last; a first line with another number of fields is a heading. */
    CSV
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
