package io.stopcast.adapt;

import java.io.IOException;

/** A saved state of an adaptation that is damaged, of another version, or none at all. */
public final class AdaptationStateException extends IOException {
  private static final long serialVersionUID = 1L;

  AdaptationStateException(String message) {
    super(message);
  }

  AdaptationStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
