package io.stopcast.notebook;

import java.io.IOException;

/** A cell that failed; the message names the notebook, the cell, the line and what is wrong with it. */
public final class NotebookException extends IOException {
  private static final long serialVersionUID = 1;

  NotebookException(String message) {
    super(message);
  }
}
