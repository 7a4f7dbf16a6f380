package io.stopcast.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.duckdb.DuckDBConnection;

/**
 * How fast a store of ten million steps, two metrics each, is opened and read, beside DuckDB adding up the same numbers without
 * handing them over.
 *
 * <p>After {@code mvn -q test-compile}, with the libraries in {@code LIBS} ({@code mvn dependency:build-classpath}): {@code java
 * -Xmx256m -cp predictor-runtime/target/classes:predictor-training/target/classes:predictor-training/target/test-classes:$LIBS
 * io.stopcast.history.StoreBenchmark}
 */
final class StoreBenchmark {
  private static final int ROUNDS = 5;
  private static final int RUNS = 10_000;
  private static final int STEPS = 1_000;
  private static final int PIECE = 1_000;

  /** What {@code Assembly} writes, of random numbers. */
  private static final String MADE =
      """
      COPY (
        WITH numbers AS (
          SELECT r, range(1, %2$d + 1) AS step, list_transform(range(%2$d), lambda i: random()) AS a,
            list_transform(range(%2$d), lambda i: round(random(), 5)) AS b
          FROM range(%1$d) runs(r))
        SELECT 'made' AS source, 'task' || (r %% 50) AS task, 'run' || r AS run, 'val_loss' AS objective, 'min' AS goal,
          'completed' AS "end", %2$d::BIGINT AS planned, NULL::DOUBLE AS planned_cost, 'samples' AS cost_unit,
          '{"learning_rate":0.1}' AS context, []::VARCHAR[] AS labels, NULL::TIMESTAMP AS started, 'made.jsonl' AS origin,
          1::BIGINT AS origin_bytes, 1::BIGINT AS origin_millis, 'stopcast' AS format, step AS cost_step,
          list_transform(step, lambda s: 64.0::DOUBLE * s) AS cost,
          [{'name': 'train_loss', 'step': step, 'value': a}, {'name': 'val_loss', 'step': step, 'value': b}] AS series,
          %2$d::BIGINT AS steps, ['train_loss', 'val_loss'] AS metrics, [%2$d::BIGINT, %2$d::BIGINT] AS lengths,
          'digest' || r AS digest, TIMESTAMP '2026-01-01' AS imported_at
        FROM numbers
      ) TO %3$s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)
      """;

  /** What is measured; answers how much it met, so that nothing is left out. */
  private interface Work {
    long run() throws IOException, SQLException;
  }

  private StoreBenchmark() {}

  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Files.createTempDirectory("store");
    Path file = folder.resolve("import-00000001-" + "0".repeat(32) + ".parquet");
    try {
      try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = database.createStatement()) {
        statement.execute(MADE.formatted(RUNS, STEPS, Store.literal(file)));
      }
      System.out.printf(Locale.ROOT, "%,d runs of %,d steps in %,d bytes%n", RUNS, STEPS, Files.size(file));
      Store store = Store.in(folder);
      double opened = best("open and list the runs", RUNS, () -> store.digests().size());
      System.out.printf(Locale.ROOT, "%-32s %6.2f s%n", "opens in", opened);
      long steps = (long) RUNS * STEPS;
      rate("DuckDB adds up all numbers", steps, best("add up", steps, () -> addUp(file)));
      rate("scan into numbers", steps, best("scan", steps, () -> scan(file)));
      rate("read as runs", steps, best("read", steps, () -> read(store)));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static void rate(String what, long steps, double seconds) {
    System.out.printf(Locale.ROOT, "%-32s %6.2f s, %4.1f million steps/s%n", what, seconds, steps / seconds / 1e6);
  }

  /** The seconds of the best round: a machine that is busy for a while slows the others. */
  private static double best(String what, long expected, Work work) throws IOException, SQLException {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long met = work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
      if (met != expected) {
        throw new IOException("%s: expected %d, met %d".formatted(what, expected, met));
      }
    }
    return best;
  }

  private static Connection oneThread() throws SQLException {
    Connection database = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = database.createStatement()) {
      statement.execute("SET threads = 1");
    }
    return database;
  }

  private static long addUp(Path file) throws SQLException {
    try (Connection database = oneThread();
        Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT sum(len(step)), sum(list_sum(step) + list_sum(cost) + list_sum(one.step) + list_sum(one."value")
                  + list_sum(two.step) + list_sum(two."value"))
                FROM (SELECT cost_step AS step, cost, series[1] AS one, series[2] AS two FROM read_parquet(%s))
                """
                    .formatted(Store.literal(file)))) {
      row.next();
      return row.getLong(1);
    }
  }

  private static long scan(Path file) throws IOException, SQLException {
    long[] whole = new long[PIECE];
    double[] others = new double[PIECE];
    long steps = (long) RUNS * STEPS;
    try (Connection database = oneThread();
        DuckDBConnection second = database.unwrap(DuckDBConnection.class).duplicate();
        NumberStream costs =
            new NumberStream(database.unwrap(DuckDBConnection.class), StoredRuns.COSTS.formatted(Store.literal(file)));
        NumberStream values = new NumberStream(second, StoredRuns.VALUES.formatted(Store.literal(file)))) {
      long met = 0;
      for (; met < steps; met += PIECE) {
        costs.fill(whole, others);
        values.fill(whole, others);
        values.fill(whole, others);
      }
      return met;
    }
  }

  private static long read(Store store) throws IOException {
    long[] steps = new long[1];
    store.read(run -> steps[0] += run.steps().size());
    return steps[0];
  }
}
