package io.stopcast.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.Exemption;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.duckdb.DuckDBConnection;

/**
 * Turns rows of a store into runs. What is known of each is read first, for all; then, file by file, two streams of numbers alone: lists and
 * texts are what takes time on the way out of a database.
 */
final class StoredRuns {
  private static final ObjectMapper JSON = new JsonMapper();
  private static final String FACTS =
      """
      SELECT file_row_number, source, task, run, objective, goal, "end", planned, planned_cost, cost_unit, context, labels,
        metrics, digest, steps, to_json(lengths)::VARCHAR, exempt_step, exempt_propensity
      FROM (SELECT * FROM read_parquet(%s, file_row_number = true) %s) ORDER BY file_row_number
      """;

  static final String COSTS = "SELECT unnest(cost_step), unnest(cost) FROM read_parquet(%s)";

  static final String VALUES =
      "SELECT unnest(one.step), unnest(one.\"value\") FROM (SELECT unnest(series) AS one FROM read_parquet(%s))";

  private final DuckDBConnection database;
  private final Map<List<String>, List<String>> sharedNames = new HashMap<>();
  private final List<Path> files;

  StoredRuns(DuckDBConnection database, List<Path> files) {
    this.database = database;
    this.files = files;
  }

  private record Facts(RunContext context, End end, Set<String> labels, String[] metrics, String digest, int steps, int[] lengths, Optional<Exemption> exemption) {}

  String read(Consumer<Run> to) throws IOException {
    List<List<Facts>> facts = new ArrayList<>();
    Map<String, Integer> newest = new HashMap<>();
    for (Path file : files) {
      List<Facts> ofFile = facts(file);
      ofFile.forEach(run -> newest.put(key(run), facts.size()));
      facts.add(ofFile);
    }
    Digest digest = new Digest();
    for (int i = 0; i < files.size(); i++) {
      int number = i;
      Predicate<Facts> isNewest = run -> newest.get(key(run)) == number;
      List<Facts> counting = facts.get(i).stream().filter(isNewest).toList();
      counting.forEach(run -> digest.add(key(run) + run.digest));
      if (!counting.isEmpty()) {
        readNumbers(files.get(i), facts.get(i), isNewest, to);
      }
    }
    return digest.hex();
  }

  private static String key(Facts run) {
    return Store.key(run.context.source(), run.context.task(), run.context.run());
  }

  private List<Facts> facts(Path file) throws IOException {
    List<Facts> facts = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(FACTS.formatted(Store.literal(file), Store.LATER_COLUMNS))) {
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
        long exemptStep = row.getLong(17);
        Optional<Exemption> exemption = row.wasNull() ? Optional.empty() : Optional.of(new Exemption(exemptStep, row.getDouble(18)));
        End end = End.valueOf(row.getString(7).toUpperCase(Locale.ROOT));
        facts.add(
            new Facts(
                context,
                end,
                new HashSet<>(texts(row.getArray(12))),
                texts(row.getArray(13)).toArray(String[]::new),
                row.getString(14),
                row.getInt(15),
                JSON.readValue(row.getString(16), int[].class),
                exemption));
      }
    } catch (SQLException | JsonProcessingException | RuntimeException e) {
      throw unreadable(file, e);
    }
    return facts;
  }

  static ImportException unreadable(Path file, Exception e) {
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
    return new ImportException(
        "%s cannot be read as part of a store: %s. Take it out of the folder, and import again what it held".formatted(file, why), e);
  }

  private static Map<String, Object> parameters(String json) throws JsonProcessingException {
    Map<String, Object> parameters = JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
    parameters.replaceAll((name, value) -> value instanceof Number number ? (Object) number.doubleValue() : value);
    return parameters;
  }

  private static List<String> texts(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
  }

  /** Both streams run through the file's rows in their order, all of them: those of which there is a newer one are passed over. */
  private void readNumbers(Path file, List<Facts> all, Predicate<Facts> isNewest, Consumer<Run> to)
      throws IOException {
    try (DuckDBConnection second = database.duplicate();
        NumberStream costs = new NumberStream(database, COSTS.formatted(Store.literal(file)));
        NumberStream values = new NumberStream(second, VALUES.formatted(Store.literal(file)))) {
      for (Facts facts : all) {
        if (isNewest.test(facts)) {
          to.accept(run(facts, costs, values));
        } else {
          costs.skip(facts.steps);
          for (int length : facts.lengths) {
            values.skip(length);
          }
        }
      }
    } catch (SQLException | NumberStream.UnevenException e) {
      throw unreadable(file, e);
    }
  }

  private Run run(Facts facts, NumberStream costs, NumberStream values) throws SQLException, NumberStream.UnevenException {
    try {
      long[] steps = new long[facts.steps];
      double[] cost = new double[facts.steps];
      costs.fill(steps, cost);
      RunNumbers numbers = new RunNumbers(steps, cost, sharedNames);
      for (int m = 0; m < facts.lengths.length; m++) {
        long[] at = new long[facts.lengths[m]];
        double[] value = new double[at.length];
        values.fill(at, value);
        numbers.add(facts.metrics[m], at, value);
      }
      Run run = numbers.run(facts.context, facts.end, facts.labels);
      return facts.exemption.map(run::with).orElse(run);
    } catch (RuntimeException e) { // A damaged file may hold anything, and the database's own reader throws these.
      throw new NumberStream.UnevenException(e.getMessage());
    }
  }
}
