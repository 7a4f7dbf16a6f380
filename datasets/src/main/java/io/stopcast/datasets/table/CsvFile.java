package io.stopcast.datasets.table;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads numbers between commas, the target last. No quotes, no escapes: the files that come this way have none. */
final class CsvFile {
  private CsvFile() {}

  static Table read(TableSource source, Path file) throws IOException {
    List<double[]> rows = new ArrayList<>();
    try (BufferedReader lines = open(file)) {
      String first = lines.readLine();
      String second = lines.readLine();
      if (first == null || second == null) {
        throw new IOException("expected rows of numbers in " + file + ", but it has fewer than two lines");
      }
      int width = second.split(",").length;
      int number = 1;
      if (first.split(",").length == width) { // else it is a heading
        rows.add(numbers(file, number, first, width));
      }
      for (String line = second; line != null; line = lines.readLine()) {
        rows.add(numbers(file, ++number, line, width));
      }
    }
    int width = rows.get(0).length;
    List<double[]> columns = new ArrayList<>();
    for (int j = 0; j < width - 1; j++) {
      int at = j;
      columns.add(rows.stream().mapToDouble(row -> row[at]).toArray());
    }
    double[] targets = rows.stream().mapToDouble(row -> row[width - 1]).toArray();
    int levels = 0;
    if (!source.question().isRegression()) {
      for (double target : targets) {
        if (target != (int) target || target < 0) {
          throw new IOException(
              "the last column of " + file + " should hold classes 0, 1, 2, ..., but holds " + target);
        }
        levels = Math.max(levels, (int) target + 1);
      }
    }
    return Table.of(source, columns, targets, levels);
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    if (file.toString().endsWith(".gz")) {
      in = new GZIPInputStream(in);
    }
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private static double[] numbers(Path file, int number, String line, int width) throws IOException {
    String[] fields = line.split(",");
    if (fields.length != width) {
      throw new IOException(
          "line %d of %s has %d fields, but the others have %d".formatted(number, file, fields.length, width));
    }
    double[] values = new double[width];
    for (int i = 0; i < width; i++) {
      try {
        values[i] = Double.parseDouble(fields[i]);
      } catch (NumberFormatException e) {
        throw new IOException(
            "field %d in line %d of %s should be a number, but is '%s'".formatted(i + 1, number, file, fields[i]), e);
      }
    }
    return values;
  }
}
