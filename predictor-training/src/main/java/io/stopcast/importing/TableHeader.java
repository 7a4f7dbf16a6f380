package io.stopcast.importing;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The first line of a table of values: the names of its columns, without spaces around them.
 *
 * @param separator what stands between columns: a comma, a semicolon or a tab
 */
record TableHeader(List<String> names, char separator) {
  private static final char[] SEPARATORS = {',', ';', '\t'};

  TableHeader {
    names = names.stream().map(String::trim).toList();
  }

  /** From a file's first bytes; nothing if they are no header of two columns or more. */
  static Optional<TableHeader> of(LogPlace place) {
    if (place.isFolder() || place.head().length == 0) {
      return Optional.empty();
    }
    String head = new String(place.head(), StandardCharsets.UTF_8);
    int start = head.charAt(0) == '\ufeff' ? 1 : 0;
    int end = head.indexOf('\n', start);
    boolean whole = end >= 0 || place.head().length < LogPlace.HEAD;
    String line = head.substring(start, end < 0 ? head.length() : end).stripTrailing();
    char separator = separator(line);
    if (!whole) {
      line = line.substring(0, Math.max(0, line.lastIndexOf(separator)));
    }
    if (line.isBlank() || line.indexOf('\0') >= 0 || line.indexOf(separator) < 0) {
      return Optional.empty();
    }
    try {
      CsvRecord record = CsvReader.builder().fieldSeparator(separator).allowUnclosedQuote(false).ofSingleCsvRecord(line);
      return Optional.of(new TableHeader(record.getFields(), separator));
    } catch (CsvParseException e) {
      return Optional.empty();
    }
  }

  /** What a line has most of. */
  private static char separator(String line) {
    char best = SEPARATORS[0];
    long most = -1;
    for (char candidate : SEPARATORS) {
      long count = line.chars().filter(c -> c == candidate).count();
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  String first() {
    return names.get(0);
  }

  boolean has(String name) {
    return names.contains(name);
  }

  boolean hasStart(String prefix) {
    return names.stream().anyMatch(name -> name.startsWith(prefix));
  }

  /** Whether the first column has one of these names, in either case. */
  boolean startsWithAny(List<String> those) {
    return those.contains(first().toLowerCase(Locale.ROOT));
  }
}
