package io.stopcast.importing;

import java.io.IOException;

/**
 * One record of a log does not hold what it should; its reader leaves it out and goes on, or gives up with an {@code
 * ImportException}.
 */
final class MalformedRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedRecordException(String message) {
    super(message);
  }
}
