package io.stopcast.importing;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * How many rows of metrics a second the MLflow database is read at, into a sink that only counts, beside bare JDBC over the
 * same rows: all columns of all rows in the order in which they lie there, neither sorted nor grouped by run. 200 runs, 10
 * metrics, 1,000 steps: 2 million rows, once of runs one after the other, once of all runs in turns, which is the worst order
 * for reading run after run. Rates by the wall clock and by this thread's processor time, which other programs on the machine
 * disturb less.
 *
 * <p>{@code mvn -q -pl predictor-runtime,predictor-training -DskipTests verify dependency:build-classpath
 * -Dmdep.outputFile=target/cp}, then {@code java -cp
 * predictor-training/target/test-classes:predictor-training/target/classes:$(cat predictor-training/target/cp)
 * io.stopcast.importing.MlflowDatabaseBenchmark}
 */
public final class MlflowDatabaseBenchmark {
  private static final int RUNS = 200;
  private static final int METRICS = 10;
  private static final int STEPS = 1_000;

  private MlflowDatabaseBenchmark() {}

  public static void main(String[] args) throws Exception {
    measure("one run after the other", STEPS);
    measure("all runs in turns", 1);
  }

  private static void measure(String layout, int stepsAtOnce) throws Exception {
    Path file = Files.createTempFile("mlflow", ".db");
    try {
      write(file, stepsAtOnce);
      System.out.printf("%s: %,d rows, %,d MiB%n", layout, (long) RUNS * METRICS * STEPS, Files.size(file) >> 20);
      for (int round = 1; round <= 5; round++) {
        measure("bare JDBC", () -> bare(file));
        measure("reader", () -> read(file));
      }
    } finally {
      Files.delete(file);
    }
  }

  private interface Pass {
    long rows() throws Exception;
  }

  private static void measure(String what, Pass pass) throws Exception {
    long wall = System.nanoTime();
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long rows = pass.rows();
    double wallSeconds = (System.nanoTime() - wall) / 1e9;
    double cpuSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
    System.out.printf("%-10s %,12.0f rows/s wall %,12.0f rows/s cpu%n", what, rows / wallSeconds, rows / cpuSeconds);
  }

  private static long read(Path file) throws IOException {
    CountingSink sink = new CountingSink();
    new MlflowDatabase().read(LogPlace.of(file), sink);
    return sink.values;
  }

  private static long bare(Path file) throws Exception {
    long rows = 0;
    double sum = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro&immutable=1");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT run_uuid, \"key\", value, timestamp, step, is_nan FROM metrics")) {
      while (row.next()) {
        sum += row.getString(1).length() + row.getString(2).length() + row.getDouble(3);
        sum += row.getLong(4) + row.getLong(5) + row.getInt(6);
        rows++;
      }
    }
    if (Double.isNaN(sum)) {
      throw new AssertionError("a sum that keeps the reads alive");
    }
    return rows;
  }

  private static void write(Path file, int stepsAtOnce) throws Exception {
    String newer = "CREATE INDEX index_metrics_run_uuid_key_step ON metrics (run_uuid, \"key\", step)";
    SqliteFixture.run(file, SqliteFixture.MLFLOW, SqliteFixture.sql(SqliteFixture.MLFLOW_INDEX, newer));
    SplittableRandom random = new SplittableRandom(1);
    String[] ids = new String[RUNS];
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      connection.setAutoCommit(false);
      String insert = "INSERT INTO runs VALUES (?, 'r', 'FINISHED', 1, 2, 'active', 1)";
      try (PreparedStatement run = connection.prepareStatement(insert)) {
        for (int r = 0; r < RUNS; r++) {
          ids[r] = "%016x%016x".formatted(random.nextLong(), random.nextLong());
          run.setString(1, ids[r]);
          run.execute();
        }
      }
      try (PreparedStatement metric = connection.prepareStatement("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, 0)")) {
        for (int from = 0; from < STEPS; from += stepsAtOnce) {
          for (int at = 0; at < RUNS * stepsAtOnce; at++) {
            int r = at / stepsAtOnce;
            int step = from + at % stepsAtOnce;
            for (int m = 0; m < METRICS; m++) {
              metric.setString(1, "validation_metric_" + m);
              metric.setDouble(2, random.nextDouble());
              metric.setLong(3, 1_700_000_000_000L + step * 1000L + r);
              metric.setString(4, ids[r]);
              metric.setLong(5, step);
              metric.execute();
            }
          }
        }
      }
      connection.commit();
    }
  }
}
