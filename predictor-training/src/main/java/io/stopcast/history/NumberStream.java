package io.stopcast.history;

import java.io.IOException;
import java.sql.SQLException;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;

/**
 * Two columns of a query, whole numbers and others, taken out in pieces of any length. Reads DuckDB's own chunks: a result set would
 * check every number on its way. One stream at a time on one connection.
 */
final class NumberStream implements AutoCloseable {
  private final DuckDBPreparedStatement statement;
  private final DuckDBChunkedResult result;
  private DuckDBReadableVector whole;
  private DuckDBReadableVector others;
  private long next;
  private long end;

  NumberStream(DuckDBConnection database, String sql) throws SQLException {
    statement = database.prepare(sql);
    try {
      result = statement.query();
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  /** Takes as many rows as fit. */
  void fill(long[] firstColumn, double[] secondColumn) throws UnevenException {
    int filled = 0;
    while (filled < firstColumn.length) {
      requireMore();
      int n = (int) Math.min(end - next, firstColumn.length - filled);
      for (int i = 0; i < n; i++) {
        firstColumn[filled + i] = whole.getLong(next + i);
        secondColumn[filled + i] = others.getDouble(next + i);
      }
      filled += n;
      next += n;
    }
  }

  void skip(long rows) throws UnevenException {
    long left = rows;
    while (left > 0) {
      requireMore();
      long n = Math.min(end - next, left);
      left -= n;
      next += n;
    }
  }

  private void requireMore() throws UnevenException {
    while (next == end) {
      if (!result.nextChunk()) {
        throw new UnevenException("there are fewer numbers than its rows say");
      }
      DuckDBDataChunkReader chunk = result.chunk();
      whole = chunk.vector(0);
      others = chunk.vector(1);
      next = 0;
      end = chunk.rowCount();
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      result.close();
    } finally {
      statement.close();
    }
  }

  /** There are fewer numbers than the rows say. */
  static final class UnevenException extends IOException {
    private static final long serialVersionUID = 1L;

    UnevenException(String message) {
      super(message);
    }
  }
}
