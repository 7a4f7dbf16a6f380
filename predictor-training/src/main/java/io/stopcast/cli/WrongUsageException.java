package io.stopcast.cli;

/** What was asked for on the command line makes no sense. */
final class WrongUsageException extends Exception {
  private static final long serialVersionUID = 1L;

  WrongUsageException(String message) {
    super(message);
  }
}
