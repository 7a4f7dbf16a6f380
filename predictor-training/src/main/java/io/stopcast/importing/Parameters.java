package io.stopcast.importing;

import io.stopcast.history.Quoted;

/** Hands a run's parameters on, without those that are too large to be any. */
final class Parameters {
  static final int LONGEST_NAME = 1 << 10;
  static final int LONGEST_TEXT = 64 << 10;

  private final LoggedRun run;
  private final String where;
  private final LogSink sink;

  Parameters(LoggedRun run, String where, LogSink sink) {
    this.run = run;
    this.where = where;
    this.sink = sink;
  }

  /** A parameter whose value is known as text only: {@code 0.1} is a number, {@code True} a boolean. */
  void addText(String name, String text) {
    add(name, LoggedNumber.scalar(text));
  }

  void add(String name, Object value) {
    if (name.isEmpty()) {
      sink.skipped(where, "a parameter without a name");
    } else if (name.length() > LONGEST_NAME) {
      sink.skipped(where, "a parameter with a name of more than %d characters, %s".formatted(LONGEST_NAME, Quoted.of(name)));
    } else if (value instanceof String text && text.length() > LONGEST_TEXT) {
      sink.skipped(where, "parameter %s is a text of more than %d characters".formatted(Quoted.of(name), LONGEST_TEXT));
    } else {
      run.parameter(name, value);
    }
  }
}
