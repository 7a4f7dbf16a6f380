package io.stopcast.importing;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the rows of a table into a run.
 *
 * <p>An empty cell says nothing. A step that falls back was logged after a restart; a cost that falls back counts on from where
 * it was. A column that holds something else than numbers is left out where it does, and that is said once.
 */
final class TableRows {
  static final int MOST_COLUMNS = 4_096;
  private static final int LONGEST_CELL = 64 << 10;
  private static final int LONGEST_ROW = 4 << 20;

  private final Path path;
  private final TableColumns columns;
  private final String prefix;
  private final LoggedRun run;
  private final LogSink sink;
  private final Omissions omissions;
  private final Parameters parameters;
  private final Map<String, Long> texts = new HashMap<>();
  private List<String> names;
  private List<TableColumns.Role> roles;
  private long rows;
  private long first;
  private long last;
  private long furthest;
  private double costBefore;
  private double lastCost = Double.NEGATIVE_INFINITY;

  private TableRows(Path path, TableColumns columns, String prefix, LoggedRun run, LogSink sink) {
    this.path = path;
    this.columns = columns;
    this.prefix = prefix;
    this.run = run;
    this.sink = sink;
    omissions = new Omissions(sink, path.toString());
    parameters = new Parameters(run, path.toString(), sink);
  }

  /**
   * What was read.
   *
   * @param first the first row's step
   * @param furthest the largest step
   */
  record Read(long rows, long first, long furthest) {}

  /**
   * Reads a file.
   *
   * @param prefix what metrics are called by before the name of their column
   * @param endsEachLine whether a last line without an end is cut off
   * @throws ImportException where it is no such table any more; what came before is with the run
   */
  static Read read(
      Path path, char separator, TableColumns columns, String prefix, boolean endsEachLine, LoggedRun run, LogSink sink)
      throws IOException {
    TableRows reading = new TableRows(path, columns, prefix, run, sink);
    reading.read(separator, endsEachLine);
    return new Read(reading.rows, reading.first, reading.furthest);
  }

  private void read(char separator, boolean endsEachLine) throws IOException {
    CsvRecordHandler limits =
        CsvRecordHandler.builder().maxFields(MOST_COLUMNS).maxFieldSize(LONGEST_CELL).maxRecordSize(LONGEST_ROW).build();
    boolean ended = isEnded();
    CsvRecord before = null;
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .fieldSeparator(separator)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .trimWhitespacesAroundQuotes(true)
            .detectBomHeader(true)
            .build(limits, path, StandardCharsets.UTF_8)) {
      for (CsvRecord record : csv) {
        if (before != null) {
          take(before);
        }
        before = record;
      }
    } catch (CsvParseException e) {
      if (before != null) {
        take(before);
      }
      throw refusal(e);
    }
    if (before != null) {
      boolean cut = !ended && names != null && (endsEachLine || before.getFieldCount() < names.size());
      if (cut) {
        sink.repaired(path + " line " + before.getStartingLineNumber(), "a cut-off last line was left out");
      } else {
        take(before);
      }
    }
    texts.forEach(
        (name, count) ->
            sink.skipped(path.toString(), "column %s: %d cells that are no number".formatted(Quoted.of(name), count)));
    omissions.finish();
    if (rows == 0) {
      sink.skipped(path.toString(), "a table without a row that could be read");
    }
  }

  private boolean isEnded() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      if (file.length() == 0) {
        return true;
      }
      file.seek(file.length() - 1);
      return file.read() == '\n';
    }
  }

  private ImportException refusal(CsvParseException e) {
    StringBuilder found = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      found.append(found.length() == 0 ? "" : ": ").append(t.getMessage());
    }
    return new ImportException(
        ("%s: %s; kept the %d rows before. Limits: %d columns, %d characters a cell; a quote within a cell is doubled and each"
                + " that is opened is closed")
            .formatted(path, Quoted.of(found.toString()), rows, MOST_COLUMNS, LONGEST_CELL),
        e);
  }

  private void take(CsvRecord record) throws IOException {
    if (names == null) {
      names = record.getFields().stream().map(String::trim).toList();
      roles = columns.roles(names);
      if (!roles.contains(TableColumns.Role.STEP)) {
        throw new ImportException("%s: no column '%s' in its first line".formatted(path, columns.step()));
      }
      if (columns.cost() != null && names.contains(columns.cost())) {
        run.costMetric(prefix + columns.cost(), columns.costUnit());
      }
      tellDoubled();
      return;
    }
    String where = "line " + record.getStartingLineNumber();
    if (record.getFieldCount() != names.size()) {
      omissions.add(where, "%d cells, where the header has %d".formatted(record.getFieldCount(), names.size()));
      return;
    }
    long step;
    long millis = LoggedRun.NO_TIME;
    try {
      step = LoggedNumber.parseWhole(cell(record, roles.indexOf(TableColumns.Role.STEP)));
    } catch (NumberFormatException e) {
      String found = Quoted.of(cell(record, roles.indexOf(TableColumns.Role.STEP)));
      omissions.add(where, "the step is no whole number: " + found);
      return;
    }
    int time = roles.indexOf(TableColumns.Role.TIME);
    if (time >= 0) {
      millis = millis(cell(record, time));
    }
    begin(step, where);
    for (int i = 0; i < roles.size(); i++) {
      switch (roles.get(i)) {
        case METRIC -> metric(i, cell(record, i), step, millis);
        case COST -> cost(i, cell(record, i), step, millis);
        case PARAMETER -> {
          if (!LoggedNumber.isAbsent(cell(record, i))) {
            parameters.addText(names.get(i).substring(columns.parameterPrefix().length()), cell(record, i));
          }
        }
        default -> {} // read above, or of no use
      }
    }
    rows++;
  }

  private void begin(long step, String where) throws IOException {
    if (rows == 0) {
      first = step;
      furthest = step;
    } else if (step < last) {
      run.restart(step);
      sink.repaired(path + " " + where, "the run was started again: its steps fall back from %d to %d".formatted(last, step));
    }
    last = step;
    furthest = Math.max(furthest, step);
  }

  private void metric(int column, String text, long step, long millis) throws IOException {
    if (!LoggedNumber.isAbsent(text)) {
      try {
        run.value(prefix + names.get(column), step, millis, LoggedNumber.parse(text));
      } catch (NumberFormatException e) {
        texts.merge(names.get(column), 1L, Long::sum);
      }
    }
  }

  private void cost(int column, String text, long step, long millis) throws IOException {
    if (!LoggedNumber.isAbsent(text)) {
      try {
        double cost = LoggedNumber.parse(text);
        if (cost < lastCost) {
          costBefore += lastCost;
        }
        lastCost = cost;
        run.value(prefix + names.get(column), step, millis, costBefore + cost);
      } catch (NumberFormatException e) {
        texts.merge(names.get(column), 1L, Long::sum);
      }
    }
  }

  private long millis(String text) {
    try {
      double time = LoggedNumber.parse(text) * columns.millis();
      return time > 0 && time < 1e15 ? Math.round(time) : LoggedRun.NO_TIME;
    } catch (NumberFormatException e) {
      return LoggedRun.NO_TIME;
    }
  }

  private void tellDoubled() {
    List<String> doubled = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.indexOf(names.get(i)) < i && doubled.size() < 3) {
        doubled.add(Quoted.of(names.get(i)));
      }
    }
    if (!doubled.isEmpty()) {
      sink.repaired(path + " line 1", "columns of one name; the first was read: " + doubled);
    }
  }

  private static String cell(CsvRecord record, int column) {
    return record.getField(column).trim();
  }
}
