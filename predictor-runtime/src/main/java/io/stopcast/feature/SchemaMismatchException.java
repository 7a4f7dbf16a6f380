package io.stopcast.feature;

/** A model was trained for other features than this runtime extracts. */
public final class SchemaMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  public SchemaMismatchException(String message) {
    super(message);
  }
}
