package io.stopcast.history;

import java.io.IOException;

/** Input that cannot be read as run history: says which file, where in it, what was found and what was expected. */
public final class ImportException extends IOException {
  private static final long serialVersionUID = 1L;

  public ImportException(String message) {
    super(message);
  }

  public ImportException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A fault at a line, counted from 1. */
  static ImportException at(String file, long line, String message) {
    return new ImportException("%s line %d: %s".formatted(file, line, message));
  }
}
