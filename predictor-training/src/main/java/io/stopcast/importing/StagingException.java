package io.stopcast.importing;

import java.io.IOException;

/** The import's own database failed, as when the disk is full: nothing can go on. */
final class StagingException extends IOException {
  private static final long serialVersionUID = 1L;

  StagingException(String message, Throwable cause) {
    super(message, cause);
  }
}
