package io.stopcast.live;

/**
 * A snapshot was refused, or could not be taken: the run can be watched anew, but not as if it had never been interrupted.
 */
public final class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }

  SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
