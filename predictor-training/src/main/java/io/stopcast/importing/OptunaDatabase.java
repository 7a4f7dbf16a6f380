package io.stopcast.importing;

import io.stopcast.run.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Optuna's SQLite database. A study is a task, a trial a run named by its number; trials that never began are left out.
 *
 * <p>Optuna tells no time of a value, so that cost is counted in steps.
 */
final class OptunaDatabase implements LogReader {
  private static final String[] TABLES = {
    "studies",
    "study_directions",
    "study_system_attributes",
    "trials",
    "trial_params",
    "trial_values",
    "trial_intermediate_values"
  };
  private static final String STUDIES = "SELECT study_id, study_name FROM studies ORDER BY study_id";
  private static final String DIRECTIONS =
      "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective LIMIT 1000";
  private static final String NAMES =
      "SELECT value_json FROM study_system_attributes WHERE study_id = ? AND \"key\" = '" + OptunaStudy.NAMES + "'";
  private static final String TRIALS =
      "SELECT trial_id, number, state, datetime_start FROM trials WHERE study_id = ? ORDER BY trial_id";
  private static final String PARAMETERS =
      "SELECT param_name, param_value, distribution_json FROM trial_params WHERE trial_id = ? ORDER BY param_id";
  private static final String REPORTED =
      "SELECT step, intermediate_value, intermediate_value_type FROM trial_intermediate_values WHERE trial_id = ?"
          + " ORDER BY step, trial_intermediate_value_id";
  private static final String FINAL =
      "SELECT objective, value, value_type FROM trial_values WHERE trial_id = ? ORDER BY objective";

  @Override
  public String format() {
    return "optuna-database";
  }

  @Override
  public Duplicates duplicates() {
    return Duplicates.FIRST;
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    return SqliteFile.hasTables(place, TABLES);
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    try (SqliteFile file = SqliteFile.open(place.path())) {
      file.require("Optuna of version 3 or newer", TABLES);
      file.check(sink, TABLES);
      try (Reading reading = new Reading(file.connection(), place.path(), sink)) {
        reading.studies();
      } catch (SQLException e) {
        throw file.refusal(e);
      }
    }
  }

  /** One pass over a database. */
  private static final class Reading implements AutoCloseable {
    private final Connection connection;
    private final Path path;
    private final LogSink sink;
    private final Omissions omissions;
    private final OptunaJson json = new OptunaJson();
    private final PreparedStatement parameters;
    private final PreparedStatement reported;
    private final PreparedStatement finals;
    private long waiting;

    Reading(Connection connection, Path path, LogSink sink) throws SQLException {
      this.connection = connection;
      this.path = path;
      this.sink = sink;
      omissions = new Omissions(sink, path.toString());
      parameters = connection.prepareStatement(PARAMETERS);
      reported = connection.prepareStatement(REPORTED);
      finals = connection.prepareStatement(FINAL);
    }

    void studies() throws SQLException, IOException {
      try (Statement statement = connection.createStatement();
          ResultSet studies = statement.executeQuery(STUDIES)) {
        while (studies.next()) {
          long id = studies.getLong(1);
          OptunaStudy study = new OptunaStudy(text(studies, 2), directions(id));
          name(study, id);
          trials(study, id);
        }
      }
      omissions.finish();
      if (waiting > 0) {
        sink.skipped(path.toString(), "%d trials that never began".formatted(waiting));
      }
    }

    private List<Direction> directions(long study) throws SQLException {
      List<Direction> directions = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(DIRECTIONS)) {
        statement.setLong(1, study);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            directions.add(
                switch (text(rows, 1)) {
                  case "MINIMIZE" -> Direction.MINIMIZE;
                  case "MAXIMIZE" -> Direction.MAXIMIZE;
                  default -> null;
                });
          }
        }
      }
      return directions;
    }

    private void name(OptunaStudy study, long id) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(NAMES)) {
        statement.setLong(1, id);
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next()) {
            study.name(json.parse(text(rows, 1)));
          }
        }
      } catch (IllegalArgumentException e) {
        omissions.add("table study_system_attributes", "the names of metrics: " + e.getMessage());
      }
    }

    private void trials(OptunaStudy study, long id) throws SQLException, IOException {
      try (PreparedStatement statement = connection.prepareStatement(TRIALS)) {
        statement.setLong(1, id);
        try (ResultSet trials = statement.executeQuery()) {
          while (trials.next()) {
            OptunaState state = OptunaState.ofWord(text(trials, 3));
            if (state == OptunaState.WAITING) {
              waiting++;
            } else {
              trial(study, trials, state);
            }
          }
        }
      }
    }

    private void trial(OptunaStudy study, ResultSet trials, OptunaState state) throws SQLException, IOException {
      long id = trials.getLong(1);
      LoggedRun run = sink.run(study.name, Long.toString(trials.getLong(2)));
      run.end(state.end);
      study.tellObjective(run);
      OptunaTimes.parse(trials.getString(4)).ifPresent(run::started);
      parameters(run, id);
      long last = -1;
      reported.setLong(1, id);
      try (ResultSet rows = reported.executeQuery()) {
        while (rows.next()) {
          long step = rows.getLong(1);
          double value = value(rows, 2, text(rows, 3));
          run.value(study.reported(), step, LoggedRun.NO_TIME, value);
          last = Math.max(last, step);
        }
      }
      finals.setLong(1, id);
      try (ResultSet rows = finals.executeQuery()) {
        while (rows.next()) {
          study.tellFinal(run, rows.getInt(1), value(rows, 2, text(rows, 3)), last);
        }
      }
    }

    private void parameters(LoggedRun run, long trial) throws SQLException {
      Parameters known = new Parameters(run, path + " trial " + trial, sink);
      parameters.setLong(1, trial);
      try (ResultSet rows = parameters.executeQuery()) {
        while (rows.next()) {
          try {
            Object value = json.distribution(text(rows, 3)).decode(rows.getDouble(2));
            if (value != null) {
              known.add(text(rows, 1), value);
            }
          } catch (IllegalArgumentException e) {
            omissions.add("table trial_params", "a parameter of trial %d: %s".formatted(trial, e.getMessage()));
          }
        }
      }
    }

    /** NaN is stored as no value and a word, or as no value alone. */
    private static double value(ResultSet row, int column, String type) throws SQLException {
      return switch (type) {
        case "INF_POS" -> Double.POSITIVE_INFINITY;
        case "INF_NEG" -> Double.NEGATIVE_INFINITY;
        case "NAN" -> Double.NaN;
        default -> row.getObject(column) instanceof Number number ? number.doubleValue() : Double.NaN;
      };
    }

    private static String text(ResultSet row, int column) throws SQLException {
      String text = row.getString(column);
      return text == null ? "" : text;
    }

    @Override
    public void close() throws SQLException {
      parameters.close();
      reported.close();
      finals.close();
    }
  }
}
