package io.stopcast.importing;

import io.stopcast.history.Store;
import io.stopcast.run.Objective;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Turns logged values into rows of a store, inside the database.
 *
 * <p>One value a run, metric and step, by the rule for duplicates. The cost at a step is that of the run's cost metric, the largest so far; or
 * else the time that passed, in seconds, where each value has one: standstills longer than ten usual gaps, as between a run and its
 * resumption, count as ten, and one usual gap lies before the first; or else the step.
 */
final class Assembly {
  /** So many values are turned into rows at once. */
  private static final long BATCH = 4_000_000;

  /** The end of the year 9999. */
  private static final long LAST_SECOND = 253_402_300_800L;

  /** A block whose times are not known has no list of them; unnest fills up with NULL. */
  private static final String UNIQUE =
      """
      INSERT INTO reported
      WITH logged AS (
        SELECT run, metric, sequence + generate_subscripts(step, 1) AS sequence, segment, unnest(step) AS step,
          nullif(unnest(millis), -9223372036854775808) AS millis, unnest("value") AS "value"
        FROM blocks WHERE run BETWEEN %1$d AND %2$d)
      SELECT run, metric, step, max(millis) AS millis,
        CASE WHEN any_value(first) THEN arg_min("value", sequence) ELSE arg_max("value", sequence) END AS "value"
      FROM logged JOIN rules USING (run) LEFT JOIN cuts USING (run, segment)
      WHERE cuts.until IS NULL OR step < cuts.until
      GROUP BY run, metric, step
      """;

  private static final String CURVES =
      """
      SELECT run, metric, count(*) AS n, min(step) AS first, max(step) AS last, count(DISTINCT "value") AS different
      FROM reported GROUP BY run, metric ORDER BY run, metric
      """;

  private static final String COSTS =
      """
      CREATE OR REPLACE TABLE costs AS
      WITH moments AS (
        SELECT run, step, max(millis) AS millis, count(millis) = count(*) AS timed,
          max("value") FILTER (metric = cost_metric AND "value" >= 0 AND "value" < 'inf'::DOUBLE) AS metered
        FROM reported JOIN facts USING (run) WHERE batch = %1$d GROUP BY run, step),
      gaps AS (
        SELECT *, greatest(0, millis - max(millis) OVER (PARTITION BY run ORDER BY step
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS gap FROM moments),
      usual AS (
        SELECT run, bool_and(timed) AND max(millis) > min(millis) AS timed, greatest(1, median(gap)) AS gap,
          min(step) AS first FROM gaps GROUP BY run)
      SELECT run, step,
        CASE WHEN cost_metric >= 0 THEN coalesce(max(metered) OVER so_far, 'nan'::DOUBLE)
          WHEN usual.timed THEN (usual.gap + sum(least(coalesce(gaps.gap, 0), 10 * usual.gap)) OVER so_far) / 1000
          WHEN first > 0 THEN step::DOUBLE
          ELSE step::DOUBLE - first + 1 END AS cost,
        CASE WHEN cost_metric >= 0 THEN cost_unit WHEN usual.timed THEN 'seconds' ELSE 'steps' END AS unit
      FROM gaps JOIN usual USING (run) JOIN facts USING (run)
      WINDOW so_far AS (PARTITION BY run ORDER BY step)
      """;

  private static final String ROWS =
      """
      INSERT INTO imported
      WITH lists AS (
        SELECT run, metric, list(step ORDER BY step) AS step, list("value" ORDER BY step) AS "value"
        FROM reported JOIN facts USING (run) WHERE batch = %1$d AND metric <> cost_metric GROUP BY run, metric),
      series AS (
        SELECT run, list({'name': name, 'step': step, 'value': "value"} ORDER BY name) AS series
        FROM lists JOIN metrics USING (metric) GROUP BY run),
      spent AS (
        SELECT run, list(step ORDER BY step) AS cost_step, list(cost ORDER BY step) AS cost, any_value(unit) AS unit
        FROM costs GROUP BY run),
      every AS (
        SELECT source, task, name AS run, objective, goal, "end", planned, planned_cost, unit AS cost_unit, context,
          coalesce(list_filter(from_json(labels, '["VARCHAR"]'), lambda l: l <> objective), []) AS labels, started, origin, origin_bytes,
          origin_millis, format, cost_step, cost, coalesce(series, []) AS series,
          exempt_step, exempt_propensity, len(cost_step) AS steps, list_transform(coalesce(series, []), lambda s: s.name) AS metrics,
          list_transform(coalesce(series, []), lambda s: len(s.step)) AS lengths
        FROM facts JOIN spent USING (run) LEFT JOIN series USING (run) WHERE batch = %1$d)
      SELECT *, sha256(concat_ws('|', source, task, run, objective, goal, "end", planned, planned_cost, cost_unit, context, labels, started, cost_step,
        cost, series, exempt_step, exempt_propensity)) AS digest, %2$s::TIMESTAMP AS imported_at
      FROM every
      """;

  private final Connection database;

  /** @param staged the database with what was logged */
  Assembly(Connection database) {
    this.database = database;
  }

  /** A metric of a run, once duplicates are gone. */
  record LoggedCurve(int run, int metric, long length, long firstStep, long lastStep, long differentValues) {}

  /** Leaves one value a run, metric and step. */
  List<LoggedCurve> settleDuplicates(List<StagedRun> runs, List<long[]> restarts) throws SQLException {
    execute("CREATE TABLE rules (run INTEGER, first BOOLEAN)");
    try (DuckDBAppender rules = appender("rules")) {
      for (StagedRun run : runs) {
        rules.beginRow().append(run.number).append(run.duplicates == Duplicates.FIRST).endRow();
      }
    }
    execute("CREATE TABLE cuts (run INTEGER, segment INTEGER, until BIGINT)");
    try (DuckDBAppender cuts = appender("cuts")) {
      for (int i = 0; i < restarts.size(); i++) {
        long[] restart = restarts.get(i);
        if (runs.get((int) restart[0]).duplicates == Duplicates.PURGE_AFTER_RESTART) {
          long until = restart[2];
          for (long[] later : restarts.subList(i + 1, restarts.size())) {
            until = later[0] == restart[0] ? Math.min(until, later[2]) : until;
          }
          cuts.beginRow().append((int) restart[0]).append((int) restart[1]).append(until).endRow();
        }
      }
    }
    execute("CREATE TABLE reported (run INTEGER, metric INTEGER, step BIGINT, millis BIGINT, \"value\" DOUBLE)");
    int from = 0;
    long inBatch = 0;
    for (int i = 0; i < runs.size(); i++) {
      inBatch += runs.get(i).values;
      if (inBatch > BATCH || i == runs.size() - 1) {
        execute(UNIQUE.formatted(from, i));
        from = i + 1;
        inBatch = 0;
      }
    }
    execute("DROP TABLE blocks");
    List<LoggedCurve> curves = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(CURVES)) {
      while (row.next()) {
        curves.add(
            new LoggedCurve(row.getInt(1), row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)));
      }
    }
    return curves;
  }

  /** A run, its facts settled. */
  record SettledRun(StagedRun run, Objective objective, String goal, String end, long planned, String context, String labels) {}

  /** Makes the rows of these runs. */
  void assemble(List<SettledRun> runs, List<String> metrics, Map<Integer, Long> values, Instant now) throws SQLException {
    execute("CREATE TABLE metrics (metric INTEGER, name VARCHAR)");
    try (DuckDBAppender names = appender("metrics")) {
      for (int i = 0; i < metrics.size(); i++) {
        names.beginRow().append(i).append(metrics.get(i)).endRow();
      }
    }
    execute(
        """
        CREATE TABLE facts (run INTEGER, batch INTEGER, source VARCHAR, task VARCHAR, name VARCHAR, objective VARCHAR, goal VARCHAR,
          "end" VARCHAR, planned BIGINT, planned_cost DOUBLE, cost_metric INTEGER, cost_unit VARCHAR, context VARCHAR, labels VARCHAR,
          started TIMESTAMP, origin VARCHAR, origin_bytes BIGINT, origin_millis BIGINT, format VARCHAR, exempt_step BIGINT,
          exempt_propensity DOUBLE)
        """);
    int batch = 0;
    long inBatch = 0;
    try (DuckDBAppender facts = appender("facts")) {
      for (SettledRun run : runs) {
        inBatch += values.getOrDefault(run.run.number, 0L);
        if (inBatch > BATCH) {
          batch++;
          inBatch = 0;
        }
        put(facts, run, batch);
      }
    }
    execute(
        """
        CREATE TABLE imported (source VARCHAR, task VARCHAR, run VARCHAR, objective VARCHAR, goal VARCHAR, "end" VARCHAR, planned BIGINT,
          planned_cost DOUBLE, cost_unit VARCHAR, context VARCHAR, labels VARCHAR[], started TIMESTAMP, origin VARCHAR, origin_bytes BIGINT,
          origin_millis BIGINT, format VARCHAR, cost_step BIGINT[], cost DOUBLE[],
          series STRUCT(name VARCHAR, step BIGINT[], "value" DOUBLE[])[], exempt_step BIGINT, exempt_propensity DOUBLE, steps BIGINT, metrics VARCHAR[],
          lengths BIGINT[], digest VARCHAR, imported_at TIMESTAMP)
        """);
    for (int b = 0; b <= batch; b++) {
      execute(COSTS.formatted(b));
      execute(ROWS.formatted(b, Store.literal(now)));
    }
  }

  private static void put(DuckDBAppender facts, SettledRun settled, int batch) throws SQLException {
    StagedRun run = settled.run;
    facts
        .beginRow()
        .append(run.number)
        .append(batch)
        .append(run.source)
        .append(run.task)
        .append(run.name)
        .append(settled.objective.metric())
        .append(settled.goal)
        .append(settled.end)
        .append(settled.planned > 0 ? (Long) settled.planned : null)
        .append(run.plannedCost > 0 ? (Double) run.plannedCost : null)
        .append(run.costMetric)
        .append(run.costUnit)
        .append(settled.context)
        .append(settled.labels)
        .append(started(run))
        .append(run.origin.place())
        .append(run.origin.bytes())
        .append(run.origin.millis())
        .append(run.origin.format())
        .append(run.exemption == null ? null : (Long) run.exemption.step())
        .append(run.exemption == null ? null : (Double) run.exemption.propensity())
        .endRow();
  }

  /** Nothing for a time that no clock shows: a log may say anything, and the database's time ends somewhere. */
  private static LocalDateTime started(StagedRun run) {
    boolean possible = run.started != null && run.started.getEpochSecond() > 0 && run.started.getEpochSecond() < LAST_SECOND;
    return possible ? LocalDateTime.ofInstant(run.started, ZoneOffset.UTC) : null;
  }

  /** Fills a table: a thousand times as fast as statements, of which each is planned anew. */
  private DuckDBAppender appender(String table) throws SQLException {
    return database.unwrap(DuckDBConnection.class).createAppender(table);
  }

  /** A row as it would stand in the store. */
  record Row(String key, String digest) {}

  List<Row> rows() throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("SELECT source, task, run, digest FROM imported ORDER BY source, task, run")) {
      while (row.next()) {
        rows.add(new Row(Store.key(row.getString(1), row.getString(2), row.getString(3)), row.getString(4)));
      }
    }
    return rows;
  }

  /** Writes the rows whose digests are given into a Parquet file. */
  void write(List<String> digests, Path file) throws SQLException {
    execute("CREATE TABLE wanted (digest VARCHAR)");
    try (DuckDBAppender wanted = appender("wanted")) {
      for (String digest : digests) {
        wanted.beginRow().append(digest).endRow();
      }
    }
    execute(
        "COPY (SELECT * FROM imported SEMI JOIN wanted USING (digest) ORDER BY source, task, run) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)"
            .formatted(Store.literal(file)));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }
}
