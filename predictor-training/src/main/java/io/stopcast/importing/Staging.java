package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Takes what readers find: values go into a database file, so that the heap holds only what is known of each run. One thread.
 */
final class Staging implements AutoCloseable {
  /** More different metrics than any history has names for: a file that makes up names. */
  private static final int MOST_METRICS = 100_000;

  private final DuckDBConnection database;
  private final DuckDBAppender values;
  private final List<StagedRun> runs = new ArrayList<>();
  private final Map<String, Integer> metrics = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<long[]> restarts = new ArrayList<>();
  private long sequence;

  /** @param folder where the database may lie, and what does not fit into memory */
  Staging(Path folder) throws IOException {
    try {
      Properties settings = new Properties();
      settings.put("memory_limit", "1GB");
      settings.put("temp_directory", folder.resolve("spilled").toString());
      settings.put("autoinstall_known_extensions", "false");
      settings.put("autoload_known_extensions", "false");
      database = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("staged.db"), settings);
      try (Statement statement = database.createStatement()) {
        statement.execute(
            "CREATE TABLE logged (run INTEGER, metric INTEGER, sequence BIGINT, segment INTEGER, step BIGINT, millis BIGINT, \"value\" DOUBLE)");
      }
      values = database.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "logged");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  StagedRun start(Origin origin, Duplicates duplicates, String source, String task, String run) {
    StagedRun staged = new StagedRun(this, runs.size(), origin, duplicates, source, task, run);
    runs.add(staged);
    return staged;
  }

  void append(StagedRun run, String metric, long step, long millis, double value) throws IOException {
    int number = metric(metric);
    if (number == StagedRun.NO_METRIC) {
      return;
    }
    try {
      values.beginRow();
      values.append(run.number);
      values.append(number);
      values.append(sequence++);
      values.append(run.segment);
      values.append(step);
      if (millis == LoggedRun.NO_TIME) {
        values.appendNull();
      } else {
        values.append(millis);
      }
      values.append(value);
      values.endRow();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** What was logged before is void from this step on. */
  void restart(StagedRun run, long step) {
    restarts.add(new long[] {run.number, run.segment, step});
  }

  /** The number of a metric; {@link StagedRun#NO_METRIC} for one too many. */
  int metric(String name) {
    Integer known = metrics.get(name);
    if (known == null) {
      known = names.size() < MOST_METRICS ? names.size() : StagedRun.NO_METRIC;
      if (known >= 0) {
        metrics.put(name, known);
        names.add(name);
      }
    }
    return known;
  }

  List<StagedRun> runs() {
    return runs;
  }

  List<String> metrics() {
    return names;
  }

  List<long[]> restarts() {
    return restarts;
  }

  /** Ends taking values; what was taken can be asked for. */
  Connection finished() throws IOException {
    try {
      values.close();
      return database;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static IOException failed(SQLException e) {
    return new IOException("the import's own database failed: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown"), e);
  }

  @Override
  public void close() throws IOException {
    try {
      values.close();
      database.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
