package io.stopcast.history;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Turns rows of a store into runs. What is known of each is read first, for all; then the numbers, file by file, in one stream of numbers
 * alone: texts are what takes time on the way out of a database.
 */
final class StoredRuns {
  private static final ObjectMapper JSON = new JsonMapper();
  private static final String FACTS =
      """
      SELECT file_row_number, source, task, run, objective, goal, "end", planned, planned_cost, cost_unit, context, labels,
        list_transform(series, lambda s: s.name), digest
      FROM read_parquet(%s, file_row_number = true) ORDER BY file_row_number
      """;

  /** Series 0 is the cost. */
  private static final String NUMBERS =
      """
      SELECT n, s, unnest(one.step), unnest(one."value") FROM (
        SELECT file_row_number AS n, generate_subscripts(every, 1) - 1 AS s, unnest(every) AS one FROM (
          SELECT file_row_number, [{'name': '', 'step': cost_step, 'value': cost}] || series AS every
          FROM read_parquet(%s, file_row_number = true)))
      """;

  private final Connection database;
  private final List<Path> files;

  StoredRuns(Connection database, List<Path> files) {
    this.database = database;
    this.files = files;
  }

  private record Facts(RunContext context, End end, Set<String> labels, String[] metrics, String digest) {}

  String read(Consumer<Run> to) throws SQLException, IOException {
    List<Map<Long, Facts>> facts = new ArrayList<>();
    Map<String, Integer> newest = new HashMap<>();
    for (Path file : files) {
      Map<Long, Facts> ofFile = facts(file);
      ofFile.values().forEach(run -> newest.put(key(run), facts.size()));
      facts.add(ofFile);
    }
    Digest digest = new Digest();
    for (int i = 0; i < files.size(); i++) {
      int number = i;
      Map<Long, Facts> ofFile = facts.get(i);
      ofFile.values().removeIf(run -> newest.get(key(run)) != number);
      ofFile.values().forEach(run -> digest.add(key(run) + run.digest));
      if (!ofFile.isEmpty()) {
        readNumbers(files.get(i), ofFile, to);
      }
    }
    return digest.hex();
  }

  private static String key(Facts run) {
    return Store.key(run.context.source(), run.context.task(), run.context.run());
  }

  private Map<Long, Facts> facts(Path file) throws SQLException, IOException {
    Map<Long, Facts> facts = new LinkedHashMap<>();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(FACTS.formatted(Store.literal(file)))) {
      while (row.next()) {
        String goal = row.getString(6);
        Objective objective =
            new Objective(row.getString(5), goal.equals("max") ? Direction.MAXIMIZE : Direction.MINIMIZE);
        long planned = row.getLong(8);
        double plannedCost = row.getDouble(9);
        Horizon horizon = new Horizon(planned, row.wasNull() ? Double.NaN : plannedCost);
        RunContext context =
            new RunContext(
                row.getString(2), row.getString(3), row.getString(4), objective, horizon, row.getString(10), parameters(row.getString(11)));
        End end = End.valueOf(row.getString(7).toUpperCase(Locale.ROOT));
        facts.put(
            row.getLong(1), new Facts(context, end, new HashSet<>(texts(row.getArray(12))), texts(row.getArray(13)).toArray(String[]::new), row.getString(14)));
      }
    }
    return facts;
  }

  private static Map<String, Object> parameters(String json) throws IOException {
    Map<String, Object> parameters = JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
    parameters.replaceAll((name, value) -> value instanceof Number number ? (Object) number.doubleValue() : value);
    return parameters;
  }

  private static List<String> texts(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
  }

  private void readNumbers(Path file, Map<Long, Facts> facts, Consumer<Run> to) throws SQLException, IOException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(NUMBERS.formatted(Store.literal(file)))) {
      long current = -1;
      int series = -1;
      RunNumbers numbers = null;
      while (row.next()) {
        long run = row.getLong(1);
        int of = row.getInt(2);
        if (run != current) {
          if (run < current) {
            throw new ImportException("%s: the runs came out of order".formatted(file));
          }
          finish(facts.get(current), numbers, to);
          current = run;
          series = -1;
          Facts known = facts.get(run);
          numbers = known == null ? null : new RunNumbers(known.metrics);
        }
        if (numbers != null) {
          if (of != series) {
            series = of;
            numbers.start(of - 1);
          }
          numbers.add(row.getLong(3), row.getDouble(4));
        }
      }
      finish(facts.get(current), numbers, to);
    }
  }

  private static void finish(Facts facts, RunNumbers numbers, Consumer<Run> to) {
    if (facts != null && numbers != null) {
      to.accept(numbers.run(facts.context, facts.end, facts.labels));
    }
  }
}
