package io.stopcast.importing;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The CSV file that the charts of W&B give out: a column of steps, and for each run {@code RUN - METRIC}, {@code RUN -
 * METRIC__MIN} and {@code RUN - METRIC__MAX}, which tell between which values the first one was picked and are left out. What
 * W&B shows it has thinned out before: a {@code .wandb} file says more.
 */
final class WandbCsvReader implements LogReader {
  private static final int MOST_COLUMNS = 4096;
  private static final int LONGEST_CELL = 1 << 10;
  private static final int LONGEST_ROW = 4 << 20;
  private static final String BETWEEN = " - ";
  private static final String MIN = "__MIN";
  private static final String MAX = "__MAX";

  private record Column(LoggedRun run, String metric) {}

  @Override
  public String format() {
    return "wandb-csv";
  }

  @Override
  public boolean recognizes(LogPlace place) {
    if (place.isFolder()) {
      return false;
    }
    int end = 0;
    while (end < place.head().length && place.head()[end] != '\n') {
      end++;
    }
    String header = new String(place.head(), 0, end, StandardCharsets.UTF_8);
    int min = header.indexOf(MIN);
    return min > 0 && header.indexOf(MAX) > 0 && header.lastIndexOf(BETWEEN, min) > 0 && header.indexOf(',') > 0;
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path();
    CsvRecordHandler limits =
        CsvRecordHandler.of(handler -> handler.maxFields(MOST_COLUMNS).maxFieldSize(LONGEST_CELL).maxRecordSize(LONGEST_ROW));
    try (InputStream bytes = Files.newInputStream(file);
        CsvReader<CsvRecord> rows =
            CsvReader.builder()
                .detectBomHeader(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(limits, bytes, StandardCharsets.UTF_8)) {
      List<Column> columns = null;
      JsonNumber number = new JsonNumber();
      for (CsvRecord row : rows) {
        if (columns == null) {
          columns = columns(row, file, sink);
        } else {
          readRow(row, columns, number, file, sink);
        }
      }
      if (columns == null) {
        throw new ImportException("%s: an empty file; expected a header with Step and RUN - METRIC".formatted(file));
      }
    } catch (CsvParseException e) {
      throw new ImportException("%s: %s; the rows before were read. Export the file again".formatted(file, e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Null for a column that is passed over. */
  private static List<Column> columns(CsvRecord header, Path file, LogSink sink) throws IOException {
    String task = FolderName.of(file).task();
    Map<String, Integer> met = new HashMap<>();
    List<Column> columns = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < header.getFieldCount(); i++) {
      String name = header.getField(i);
      int between = name.lastIndexOf(BETWEEN);
      String metric = between > 0 ? name.substring(between + BETWEEN.length()) : "";
      if (i == 0 || metric.isEmpty() || metric.startsWith("_") || name.endsWith(MIN) || name.endsWith(MAX)) {
        columns.add(null);
        continue;
      }
      String run = name.substring(0, between);
      int times = met.merge(name, 1, Integer::sum);
      if (times > 1) {
        run = "%s (%d)".formatted(run, times);
        sink.repaired(
            file + " line 1",
            "a second run of the same name, %s, is called %s".formatted(Quoted.of(name.substring(0, between)), Quoted.of(run)));
      }
      columns.add(new Column(sink.run(task, run), metric));
      any = true;
    }
    if (!any) {
      throw new ImportException(
          "%s line 1: expected columns Step and RUN - METRIC, found %s; give a CSV export of a chart of W&B"
              .formatted(file, Quoted.of(String.join(",", header.getFields()))));
    }
    return columns;
  }

  private static void readRow(CsvRecord row, List<Column> columns, JsonNumber number, Path file, LogSink sink)
      throws IOException {
    if (!isNumber(row.getField(0), number) || number.value() != Math.rint(number.value())) {
      sink.skipped(where(file, row), "expected a whole step in the first column, found %s".formatted(Quoted.of(row.getField(0))));
      return;
    }
    long step = (long) number.value();
    for (int i = 1; i < Math.min(columns.size(), row.getFieldCount()); i++) {
      Column column = columns.get(i);
      if (column == null || row.getField(i).isEmpty()) {
        continue;
      }
      if (isNumber(row.getField(i), number)) {
        column.run.value(column.metric, step, LoggedRun.NO_TIME, number.value());
      } else {
        sink.skipped(where(file, row), "expected a number in column %d, found %s".formatted(i + 1, Quoted.of(row.getField(i))));
      }
    }
  }

  private static String where(Path file, CsvRecord row) {
    return "%s line %d".formatted(file, row.getStartingLineNumber());
  }

  private static boolean isNumber(String cell, JsonNumber number) {
    byte[] bytes = cell.getBytes(StandardCharsets.UTF_8);
    try {
      return number.read(bytes, 0, bytes.length);
    } catch (MalformedRecordException e) {
      return false; // too large
    }
  }
}
