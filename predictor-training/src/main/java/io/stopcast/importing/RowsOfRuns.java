package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * The rows of a table that belong to one run after the other, whose ids rise.
 *
 * <p>Where the table has an index on the run, each run is asked for: that is twice as fast as to sort all. Where it has none,
 * as MLflow's had before 2022, that would read the whole table for each run; then all are sorted once.
 */
abstract sealed class RowsOfRuns implements AutoCloseable {
  /** The column of the run's id. */
  private static final String RUN = "run_uuid";
  /** How many rows a server sends at once. */
  private static final int FETCH = 10_000;

  final PreparedStatement statement;
  ResultSet rows;

  private RowsOfRuns(PreparedStatement statement) {
    this.statement = statement;
  }

  /**
   * Prepares to read a table.
   *
   * @param columns what to select
   * @param order by what to order the rows of one run; may be empty
   */
  static RowsOfRuns of(Connection connection, String table, String columns, String order) throws SQLException {
    String then = order.isEmpty() ? "" : ", " + order;
    if (isIndexed(connection, table)) {
      String by = order.isEmpty() ? "" : " ORDER BY " + order;
      return new Asked(connection.prepareStatement("SELECT %s FROM %s WHERE %s = ?%s".formatted(columns, table, RUN, by)));
    }
    String all = "SELECT %s, %s FROM %s ORDER BY %s%s".formatted(columns, RUN, table, RUN, then);
    return new Sorted(connection.prepareStatement(all));
  }

  private static boolean isIndexed(Connection connection, String table) throws SQLException {
    try (ResultSet index = connection.getMetaData().getIndexInfo(null, null, table, false, true)) {
      while (index.next()) {
        if (index.getShort("ORDINAL_POSITION") <= 1 && RUN.equals(index.getString("COLUMN_NAME"))) {
          return true;
        }
      }
      return false;
    }
  }

  /** Goes to a run, whose id is larger than that of the run before. */
  abstract void start(String run) throws SQLException, IOException;

  /** Moves to the run's next row. */
  abstract boolean next() throws SQLException, IOException;

  /** Where the current row's columns are, in the order in which they were asked for. */
  final ResultSet row() {
    return rows;
  }

  @Override
  public final void close() throws SQLException {
    statement.close();
  }

  private static final class Asked extends RowsOfRuns {
    Asked(PreparedStatement statement) throws SQLException {
      super(statement);
      statement.setFetchSize(FETCH);
    }

    @Override
    void start(String run) throws SQLException {
      if (rows != null) {
        rows.close();
      }
      statement.setString(1, run);
      rows = statement.executeQuery();
    }

    @Override
    boolean next() throws SQLException {
      return rows.next();
    }
  }

  private static final class Sorted extends RowsOfRuns {
    private String wanted;
    private String current;
    /** Whether nobody was given the current row yet. */
    private boolean fresh;

    Sorted(PreparedStatement statement) throws SQLException {
      super(statement);
      statement.setFetchSize(FETCH);
    }

    @Override
    void start(String run) throws SQLException, IOException {
      wanted = run;
      if (rows == null) {
        rows = statement.executeQuery();
        advance();
      }
      while (current != null && compare(current, run) < 0) {
        advance();
      }
      fresh = true;
    }

    @Override
    boolean next() throws SQLException, IOException {
      if (!fresh) {
        advance();
      }
      fresh = false;
      return wanted.equals(current);
    }

    private void advance() throws SQLException, IOException {
      String before = current;
      current = rows.next() ? String.valueOf(rows.getString(RUN)) : null;
      if (before != null && current != null && compare(before, current) > 0) {
        throw new ImportException("the database does not sort the ids of runs by their bytes; create an index on run_uuid");
      }
    }

    private static int compare(String a, String b) {
      return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
  }
}
