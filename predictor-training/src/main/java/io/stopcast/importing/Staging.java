package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Takes what readers find: values go into a database file, so that the heap holds only what is known of each run. One thread.
 */
final class Staging implements AutoCloseable {
  /** More different metrics than any history has names for: a file that makes up names. */
  private static final int MOST_METRICS = 100_000;

  private final DuckDBConnection database;
  private final DuckDBAppender appender;
  private final List<StagedRun> runs = new ArrayList<>();
  private final Map<String, Integer> metrics = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<long[]> restarts = new ArrayList<>();
  private final Set<Block> gathering = new LinkedHashSet<>();
  private long sequence;
  private int waiting;

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
            """
            CREATE TABLE blocks (run INTEGER, metric INTEGER, sequence BIGINT, segment INTEGER, step BIGINT[], millis BIGINT[],
              "value" DOUBLE[])
            """);
      }
      appender = database.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "blocks");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  StagedRun start(Origin origin, Duplicates duplicates, String source, String task, String run) {
    StagedRun staged = new StagedRun(this, runs.size(), origin, duplicates, source, task, run);
    runs.add(staged);
    return staged;
  }

  /**
   * The place where values of a metric gather, which the run may keep until {@link StagedRun#letGo}; nothing for a metric too many.
   */
  Block block(StagedRun run, String metric) {
    int number = metric(metric);
    return number == StagedRun.NO_METRIC ? null : new Block(run, number);
  }

  /**
   * Values of one metric of one run on their way into the database, which takes a thousand at once in the time of ten rows. Of those that
   * are not full only so many wait; then all go.
   */
  final class Block {
    private static final int FULL = 1 << 10;
    private static final int MOST_WAITING = 1 << 18;

    private final StagedRun run;
    private final int metric;
    private long[] steps = new long[8];
    private long[] millis = new long[8];
    private double[] values = new double[8];
    private int length;
    private boolean timed;

    private Block(StagedRun run, int metric) {
      this.run = run;
      this.metric = metric;
    }

    void add(long step, long time, double value) throws IOException {
      if (length == steps.length) {
        steps = Arrays.copyOf(steps, 2 * length);
        millis = Arrays.copyOf(millis, 2 * length);
        values = Arrays.copyOf(values, 2 * length);
      }
      if (length == 0) {
        gathering.add(this);
      }
      steps[length] = step;
      millis[length] = time;
      values[length++] = value;
      timed |= time != LoggedRun.NO_TIME;
      waiting++;
      if (length == FULL) {
        write();
      } else if (waiting >= MOST_WAITING) {
        writeAll();
      }
    }

    /** Writes what has gathered. */
    void write() throws IOException {
      if (length == 0) {
        return;
      }
      try {
        appender.beginRow();
        appender.append(run.number);
        appender.append(metric);
        appender.append(sequence);
        appender.append(run.segment);
        appender.append(Arrays.copyOf(steps, length));
        if (timed) {
          appender.append(Arrays.copyOf(millis, length));
        } else {
          appender.appendNull();
        }
        appender.append(Arrays.copyOf(values, length));
        appender.endRow();
      } catch (SQLException e) {
        throw failed(e);
      }
      sequence += length;
      waiting -= length;
      gathering.remove(this);
      length = 0;
      timed = false;
    }
  }

  private void writeAll() throws IOException {
    for (Block block : List.copyOf(gathering)) {
      block.write();
      block.run.letGo();
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
    writeAll();
    try {
      appender.close();
      database.setAutoCommit(false); // Nobody needs it on disk for good: a row inserted alone would be forced there.
      return database;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static StagingException failed(SQLException e) {
    return new StagingException("the import's own database failed: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown"), e);
  }

  @Override
  public void close() throws IOException {
    try {
      appender.close();
      database.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
