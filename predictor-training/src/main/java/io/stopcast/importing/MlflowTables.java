package io.stopcast.importing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * The tables of MLflow's database, in SQL that SQLite and PostgreSQL both speak.
 *
 * <p>Run after run, in the order of their ids, the values of each in the order of time, step and value: where one step was
 * logged several times the last one is then the one that MLflow itself would show. MLflow stores NaN as a flag and infinity as
 * the largest double.
 */
final class MlflowTables {
  static final String[] TABLES = {"experiments", "runs", "params", "tags", "metrics"};

  private static final String RUNS =
      "SELECT r.run_uuid, r.status, r.start_time, r.lifecycle_stage, e.name, e.lifecycle_stage"
          + " FROM runs r LEFT JOIN experiments e ON e.experiment_id = r.experiment_id ORDER BY r.run_uuid";
  private static final String DELETED = "deleted";

  private final Connection connection;
  private final String name;
  private final LogSink sink;
  private final Omissions omissions;

  /**
   * Of an open database.
   *
   * @param name what messages call it
   */
  MlflowTables(Connection connection, String name, LogSink sink) {
    this.connection = connection;
    this.name = name;
    this.sink = sink;
    this.omissions = new Omissions(sink, name);
  }

  void read() throws SQLException, IOException {
    long deleted = 0;
    MetricNames names = new MetricNames(connection);
    try (RowsOfRuns params = RowsOfRuns.of(connection, "params", "\"key\", value", "\"key\"");
        RowsOfRuns tags = RowsOfRuns.of(connection, "tags", "\"key\", value", "\"key\"");
        RowsOfRuns metrics =
            RowsOfRuns.of(connection, "metrics", "\"key\", value, \"timestamp\", step, is_nan", "\"timestamp\", step, value");
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(1_000);
      try (ResultSet runs = statement.executeQuery(RUNS)) {
        while (runs.next()) {
          String id = runs.getString(1);
          if (DELETED.equals(runs.getString(4)) || DELETED.equals(runs.getString(6))) {
            deleted++;
          } else if (id == null || id.isEmpty()) {
            omissions.add("table runs", "a run without an id");
          } else {
            LoggedRun run = run(runs, id);
            readParameters(run, id, params, tags);
            readMetrics(run, id, metrics, names);
          }
        }
      }
    }
    omissions.finish();
    if (deleted > 0) {
      sink.skipped(name, "%d runs that were deleted in MLflow".formatted(deleted));
    }
  }

  private LoggedRun run(ResultSet runs, String id) throws SQLException, IOException {
    String experiment = runs.getString(5);
    LoggedRun run = sink.run(experiment == null || experiment.isEmpty() ? "unnamed experiment" : experiment, id);
    run.end(MlflowStatus.ofWord(runs.getString(2)));
    long started = runs.getLong(3);
    if (started > 0) {
      run.started(Instant.ofEpochMilli(started));
    }
    return run;
  }

  private void readParameters(LoggedRun run, String id, RowsOfRuns params, RowsOfRuns tags) throws SQLException, IOException {
    Parameters parameters = new Parameters(run, name + " run " + id, sink);
    params.start(id);
    while (params.next()) {
      parameters.addText(text(params.row(), 1), text(params.row(), 2));
    }
    tags.start(id);
    while (tags.next()) {
      MlflowTags.add(parameters, text(tags.row(), 1), text(tags.row(), 2));
    }
  }

  private void readMetrics(LoggedRun run, String id, RowsOfRuns metrics, MetricNames names) throws SQLException, IOException {
    metrics.start(id);
    while (metrics.next()) {
      ResultSet row = metrics.row();
      String key = names.of(row);
      double value = row.getDouble(2);
      long step = row.getLong(4);
      // Asking costs more than reading, and what is no number reads as 0: ask only then.
      if (value == 0 && row.getBoolean(5)) {
        value = Double.NaN;
      } else if (key == null || key.isEmpty() || key.length() > Parameters.LONGEST_NAME) {
        int longest = Parameters.LONGEST_NAME;
        omissions.add("table metrics", "a metric of run %s without a name of 1 to %d characters".formatted(id, longest));
        continue;
      } else if (value == 0 && !isNumber(row, 2) || step == 0 && !isNumber(row, 4)) {
        omissions.add("table metrics", "a row of run %s whose value or step is no number".formatted(id));
        continue;
      }
      run.value(key, step, row.getLong(3), infinite(value));
    }
  }

  private static double infinite(double value) {
    return Math.abs(value) == Double.MAX_VALUE ? Math.copySign(Double.POSITIVE_INFINITY, value) : value;
  }

  private static boolean isNumber(ResultSet row, int column) throws SQLException {
    return row.getObject(column) instanceof Number;
  }

  private static String text(ResultSet row, int column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }
}
