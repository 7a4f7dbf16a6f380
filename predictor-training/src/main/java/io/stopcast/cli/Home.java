package io.stopcast.cli;

import java.nio.file.Path;

/** Where the project lies, as the launcher tells; the working directory if nobody does. */
final class Home {
  private static final Path FOLDER = Path.of(System.getProperty("stopcast.home", ""));

  private Home() {}

  static Path datasets() {
    return FOLDER.resolve("datasets");
  }

  static Path models() {
    return FOLDER.resolve("models");
  }
}
