package io.stopcast.importing;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.sqlite.SQLiteConnection;

/**
 * Reads the names of metrics from the first column of rows.
 *
 * <p>A few names stand in millions of rows, and decoding one is the most expensive part of a row in SQLite. There the bytes are
 * read, and the string that was made of the same bytes before is used again.
 */
final class MetricNames {
  private static final int SLOTS = 1 << 10;

  private final boolean asBytes;
  private final byte[][] bytes = new byte[SLOTS][];
  private final String[] names = new String[SLOTS];

  MetricNames(Connection connection) throws SQLException {
    asBytes = connection instanceof SQLiteConnection && isUtf8(connection);
  }

  /** The bytes of a text are those of the file's encoding, which may be another. */
  private static boolean isUtf8(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet encoding = statement.executeQuery("PRAGMA encoding")) {
      return encoding.next() && "UTF-8".equals(encoding.getString(1));
    }
  }

  /** The current row's name; null if it has none. */
  String of(ResultSet row) throws SQLException {
    if (!asBytes) {
      return row.getString(1);
    }
    byte[] text = row.getBytes(1);
    if (text == null) {
      return null;
    }
    int hash = Arrays.hashCode(text);
    int slot = (hash ^ hash >>> 15) & SLOTS - 1;
    if (!Arrays.equals(text, bytes[slot])) {
      bytes[slot] = text;
      names[slot] = new String(text, StandardCharsets.UTF_8);
    }
    return names[slot];
  }
}
