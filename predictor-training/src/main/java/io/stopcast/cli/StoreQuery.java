package io.stopcast.cli;

import io.stopcast.history.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A question in SQL to a store, and its answer as a table or as JSON. */
record StoreQuery(Store store, String sql) {
  /** Widest that a column of the table gets. */
  private static final int WIDEST = 60;

  void print(PrintWriter out, boolean json) throws IOException, WrongUsageException {
    try (Connection database = store.views();
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (json) {
        JsonOption.print(out, Map.of("rows", asMaps(rows)));
      } else {
        print(out, rows);
      }
    } catch (SQLException e) {
      throw new WrongUsageException("the query failed: %s".formatted(Printable.of(firstLines(e))));
    }
  }

  private static String firstLines(SQLException e) {
    return String.join(" ", String.valueOf(e.getMessage()).lines().filter(line -> !line.isBlank()).limit(3).toList());
  }

  private static List<Map<String, Object>> asMaps(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<Map<String, Object>> maps = new ArrayList<>();
    while (rows.next()) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        Object value = rows.getObject(i);
        map.put(columns.getColumnLabel(i), value instanceof Number || value instanceof Boolean || value == null ? value : value.toString());
      }
      maps.add(map);
    }
    return maps;
  }

  private static void print(PrintWriter out, ResultSet rows) throws SQLException {
    int count = rows.getMetaData().getColumnCount();
    List<String[]> table = new ArrayList<>();
    String[] heads = new String[count];
    for (int i = 0; i < count; i++) {
      heads[i] = rows.getMetaData().getColumnLabel(i + 1);
    }
    table.add(heads);
    while (rows.next()) {
      String[] row = new String[count];
      for (int i = 0; i < count; i++) {
        String text = Printable.of(String.valueOf(rows.getString(i + 1)));
        row[i] = text.length() > WIDEST ? text.substring(0, WIDEST - 3) + "..." : text;
      }
      table.add(row);
    }
    int[] widths = new int[count];
    table.forEach(
        row -> {
          for (int i = 0; i < count; i++) {
            widths[i] = Math.max(widths[i], row[i].length());
          }
        });
    for (String[] row : table) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < count; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
    out.printf("%d rows%n", table.size() - 1);
  }
}
