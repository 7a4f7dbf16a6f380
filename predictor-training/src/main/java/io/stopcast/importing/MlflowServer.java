package io.stopcast.importing;

import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * MLflow's tables in a PostgreSQL server, given as a JDBC URL in the place of a path.
 *
 * <p>No driver comes with Stopcast: it has to be put on the class path. Reads in one transaction, so that runs which go on
 * meanwhile are seen at one moment. The URL may hold a password and is never written into a message.
 *
 * @param url {@code jdbc:postgresql://HOST/DATABASE?user=...&password=...}
 */
record MlflowServer(String url) {
  static final String FORMAT = "mlflow-server";
  private static final String SCHEME = "jdbc:postgresql:";
  private static final String NO_DRIVER = "08001";

  /** Whether an argument is such a URL and no path. */
  static boolean isUrl(String argument) {
    return argument.startsWith(SCHEME);
  }

  /** What may be shown of the URL. */
  String name() {
    int secrets = url.indexOf('?');
    String shown = secrets < 0 ? url : url.substring(0, secrets);
    return shown.replaceFirst("//[^/]*@", "//");
  }

  void read(LogSink sink) throws IOException {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setReadOnly(true);
      // Without a transaction the driver would read whole tables into memory.
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      new MlflowTables(connection, name(), sink).read();
      connection.rollback();
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  private ImportException refusal(SQLException e) {
    boolean noDriver = NO_DRIVER.equals(e.getSQLState()) && DriverManager.drivers().noneMatch(this::accepts);
    if (noDriver) {
      return new ImportException(
          ("%s: no PostgreSQL driver is on the class path; name the jar of org.postgresql:postgresql in STOPCAST_CLASSPATH,"
                  + " or export the runs to SQLite")
              .formatted(name()));
    }
    String said = e.getMessage() == null ? "error " + e.getSQLState() : e.getMessage().lines().findFirst().orElse("");
    return new ImportException(
        "%s: the server says %s; is it MLflow's database, and may this user read it?".formatted(name(), Quoted.of(said)), e);
  }

  private boolean accepts(Driver driver) {
    try {
      return driver.acceptsURL(url);
    } catch (SQLException e) {
      return false;
    }
  }
}
