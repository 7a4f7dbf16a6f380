package io.stopcast.importing;

import io.stopcast.run.End;

/** What TensorBoard's HParams plugin says of a run: its hyper-parameters when it starts, and how it ended. */
final class HparamsSession {
  private static final int LONGEST_TEXT = 1 << 10;

  private final Wire wire = new Wire();

  void read(byte[] bytes, int from, int to, LoggedRun run) throws MalformedRecordException {
    wire.open(bytes, from, to);
    while (wire.next()) {
      if (wire.field() == 3) {
        readStart(run);
      } else if (wire.field() == 4) {
        readEnd(run);
      }
    }
  }

  private void readStart(LoggedRun run) throws MalformedRecordException {
    int whole = wire.enter();
    while (wire.next()) {
      if (wire.field() == 1) {
        String name = "";
        Object value = null;
        int entry = wire.enter();
        while (wire.next()) {
          if (wire.field() == 1) {
            name = wire.text();
          } else if (wire.field() == 2) {
            value = readValue();
          }
        }
        wire.leave(entry);
        if (!name.isEmpty() && name.length() <= LONGEST_TEXT && value != null) {
          run.parameter(name, value);
        }
      }
    }
    wire.leave(whole);
  }

  /** A number, a text or a boolean; nothing for what is longer or deeper. */
  private Object readValue() throws MalformedRecordException {
    Object value = null;
    int whole = wire.enter();
    while (wire.next()) {
      switch (wire.field()) {
        case 2 -> value = wire.float64();
        case 3 -> {
          String text = wire.text();
          value = text.length() <= LONGEST_TEXT ? text : null;
        }
        case 4 -> value = wire.varint() != 0;
        default -> {}
      }
    }
    wire.leave(whole);
    return value;
  }

  private void readEnd(LoggedRun run) throws MalformedRecordException {
    int whole = wire.enter();
    while (wire.next()) {
      if (wire.field() == 1) {
        switch ((int) wire.varint()) {
          case 1 -> run.end(End.COMPLETED);
          case 2 -> run.end(End.CRASHED);
          default -> {}
        }
      }
    }
    wire.leave(whole);
  }
}
