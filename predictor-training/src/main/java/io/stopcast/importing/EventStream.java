package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The events of several files that one program wrote one after the other. */
final class EventStream implements Closeable {
  private final String prefix;
  private final List<Path> files;
  private final LogSink sink;
  private final Wire wire = new Wire();
  private int next;
  private int refused;
  private ImportException refusal;
  private EventRecords records;
  private double wallTime;
  private long step;

  /**
   * Opens the first file when it is asked for the first event.
   *
   * @param prefix stands before the names of its metrics
   * @param files in the order in which they were begun
   */
  EventStream(String prefix, List<Path> files, LogSink sink) {
    this.prefix = prefix;
    this.files = files;
    this.sink = sink;
  }

  /** Moves to the next event; false after the last one. */
  boolean advance() throws IOException {
    while (true) {
      if (records == null) {
        if (next == files.size()) {
          return false;
        }
        records = new EventRecords(files.get(next++), sink);
      }
      try {
        if (records.advance()) {
          readFrame();
          return true;
        }
        close();
      } catch (MalformedRecordException e) {
        sink.skipped(records.where(), e.getMessage() + "; the record was left out");
      } catch (ImportException e) {
        close();
        refused++;
        refusal = e;
        if (files.size() > 1) {
          sink.skipped(files.get(next - 1).toString(), e.getMessage());
        }
      }
    }
  }

  private void readFrame() throws MalformedRecordException {
    wallTime = 0;
    step = 0;
    wire.open(records.bytes(), records.from(), records.to());
    while (wire.next()) {
      if (wire.field() == 1) {
        wallTime = wire.float64();
      } else if (wire.field() == 2) {
        step = wire.varint();
      }
    }
  }

  String prefix() {
    return prefix;
  }

  /** The event, which {@link #wallTime} and {@link #step} tell of; valid until the next {@link #advance}. */
  EventRecords event() {
    return records;
  }

  /** In seconds since 1970. */
  double wallTime() {
    return wallTime;
  }

  long step() {
    return step;
  }

  /** Why none of its files could be read; nothing if one could. */
  Optional<ImportException> refusal() {
    return refused == files.size() ? Optional.of(refusal) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    if (records != null) {
      records.close();
      records = null;
    }
  }
}
