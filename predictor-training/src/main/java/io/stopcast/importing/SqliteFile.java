package io.stopcast.importing;

import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * A SQLite file that somebody else wrote, opened so that it can neither be changed nor do harm.
 *
 * <p>Read-only and immutable: no lock is taken and no file is made beside it; what still lies in a write-ahead log is not seen.
 * Functions in its schema are not trusted, lengths are limited, and the work that SQLite may do is bounded by the file's size,
 * so that a damaged one cannot keep it busy for ever.
 */
final class SqliteFile implements AutoCloseable {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final String[] PRAGMAS = {
    "query_only = 1",
    "trusted_schema = 0",
    "ignore_check_constraints = 1",
    "cell_size_check = 1",
    "mmap_size = 0",
    "temp_store = 1",
    "cache_size = -16000"
  };
  private static final String LONGEST_ROW = Integer.toString(16 << 20);

  private final Path path;
  private final Connection connection;

  private SqliteFile(Path path, Connection connection) {
    this.path = path;
    this.connection = connection;
  }

  /** Stops SQLite once it has done more than any reading of an undamaged file of this size takes. */
  private static final class WorkLimit extends ProgressHandler {
    static final int STEPS = 100_000;
    // A row of a hundred bytes with its index takes some fifty steps to find, sort and hand over.
    private static final long STEPS_PER_BYTE = 20;
    private static final long SPARE = 20_000_000;
    private long calls;

    WorkLimit(long bytes) {
      calls = (SPARE + STEPS_PER_BYTE * bytes) / STEPS;
    }

    @Override
    protected int progress() {
      return --calls < 0 ? 1 : 0;
    }
  }

  static boolean isSqlite(LogPlace place) {
    byte[] head = place.head();
    return Arrays.equals(head, 0, Math.min(MAGIC.length, head.length), MAGIC, 0, MAGIC.length);
  }

  /** Whether a file has these tables, as far as it can be opened at all. */
  static boolean hasTables(LogPlace place, String... tables) throws IOException {
    if (!isSqlite(place)) {
      return false;
    }
    try (SqliteFile file = open(place.path())) {
      return file.has(tables);
    }
  }

  static SqliteFile open(Path path) throws IOException {
    Properties properties = new Properties();
    int mode = SQLiteOpenMode.READONLY.flag | SQLiteOpenMode.OPEN_URI.flag;
    properties.put(SQLiteConfig.Pragma.OPEN_MODE.pragmaName, Integer.toString(mode));
    properties.put(SQLiteConfig.Pragma.LIMIT_LENGTH.pragmaName, LONGEST_ROW);
    properties.put(SQLiteConfig.Pragma.LIMIT_ATTACHED.pragmaName, "0");
    String uri = "jdbc:sqlite:file:" + path.toAbsolutePath().toUri().getRawPath() + "?mode=ro&immutable=1";
    try {
      Connection connection = DriverManager.getConnection(uri, properties);
      SqliteFile file = new SqliteFile(path, connection);
      try {
        ProgressHandler.setHandler(connection, WorkLimit.STEPS, new WorkLimit(Files.size(path)));
        try (Statement statement = connection.createStatement()) {
          for (String pragma : PRAGMAS) {
            statement.execute("PRAGMA " + pragma);
          }
        }
        return file;
      } catch (SQLException | IOException e) {
        file.close();
        throw e;
      }
    } catch (SQLException e) {
      throw refusal(path, e);
    }
  }

  Connection connection() {
    return connection;
  }

  /** Whether these are plain tables: views, virtual tables and generated columns would run code of the file's choice. */
  boolean has(String... tables) throws IOException {
    String sql =
        "SELECT count(*) FROM sqlite_master m WHERE m.type = 'table' AND m.rootpage > 0 AND m.name = ?"
            + " AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(m.name) WHERE hidden <> 0)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (String table : tables) {
        statement.setString(1, table);
        try (ResultSet found = statement.executeQuery()) {
          if (!found.next() || found.getInt(1) != 1) {
            return false;
          }
        }
      }
      return true;
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  /** Refuses a file that has not all these as plain tables. */
  void require(String tool, String... tables) throws IOException {
    if (!has(tables)) {
      throw new ImportException(
          "%s is no database of %s: it has not all of %s as plain tables".formatted(path, tool, List.of(tables)));
    }
  }

  /** Tells of changes that are not yet in the file, and refuses it if the pages of these tables do not hang together. */
  void check(LogSink sink, String... tables) throws IOException {
    for (String suffix : new String[] {"-wal", "-journal"}) {
      Path beside = Path.of(path + suffix);
      if (Files.exists(beside) && Files.size(beside) > 0) {
        sink.skipped(
            beside.toString(),
            "changes that are not yet in the database; close the program that writes it, and import again to have them");
      }
    }
    try (Statement statement = connection.createStatement()) {
      for (String table : tables) {
        try (ResultSet found = statement.executeQuery("PRAGMA quick_check(" + table + ")")) {
          String answer = found.next() ? found.getString(1) : "nothing";
          if (!"ok".equals(answer)) {
            throw damaged(path, answer, null);
          }
        }
      }
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  ImportException refusal(SQLException e) {
    return refusal(path, e);
  }

  private static ImportException refusal(Path path, SQLException e) {
    if (e.getErrorCode() == SQLiteErrorCode.SQLITE_INTERRUPT.code) {
      return new ImportException(
          "%s: reading it takes more work than a file of its size can need; it is damaged, or lacks its tool's indexes"
              .formatted(path),
          e);
    }
    return damaged(path, e.getMessage() == null ? "error " + e.getErrorCode() : e.getMessage(), e);
  }

  private static ImportException damaged(Path path, String said, SQLException cause) {
    String text = said.lines().findFirst().orElse("");
    return new ImportException(
        "%s: SQLite says %s; restore it from a backup, or let 'sqlite3 FILE .recover' save what can be saved"
            .formatted(path, Quoted.of(text)),
        cause);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw refusal(e);
    }
  }
}
