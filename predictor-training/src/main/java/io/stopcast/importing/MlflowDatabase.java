package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.sql.SQLException;

/** MLflow's SQLite database, {@code mlflow.db}: its default since 3.7. Deleted runs are left out. */
final class MlflowDatabase implements LogReader {
  @Override
  public String format() {
    return "mlflow-database";
  }

  /** A SQLite file that cannot be opened is recognised here, to be refused with what SQLite says. */
  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    try {
      return SqliteFile.hasTables(place, MlflowTables.TABLES);
    } catch (ImportException e) {
      return true;
    }
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    try (SqliteFile file = SqliteFile.open(place.path())) {
      file.require("MLflow", MlflowTables.TABLES);
      file.check(sink, MlflowTables.TABLES);
      try {
        new MlflowTables(file.connection(), place.path().toString(), sink).read();
      } catch (SQLException e) {
        throw file.refusal(e);
      }
    }
  }
}
