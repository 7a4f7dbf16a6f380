package io.stopcast.datasets.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Opens the tables of the catalogue and keeps those opened. Not for use by several threads. */
public final class Tables {
  private static final Path NO_FILES = Path.of("");

  private final DebianPackages packages;
  private final Map<String, Table> open = new HashMap<>();

  /** Opens tables from these packages. */
  public Tables(DebianPackages packages) {
    this.packages = packages;
  }

  /**
   * Returns the table, fetching its package if need be.
   *
   * @throws IOException if the package cannot be had or its file is not as the catalogue says
   */
  public Table open(TableSource source) throws IOException {
    Table table = open.get(source.name());
    if (table == null) {
      Path root = source.debianPackage().isEmpty() ? NO_FILES : packages.root(source.debianPackage());
      table = source.reader().read(source, root);
      open.put(source.name(), table);
    }
    return table;
  }

  /** The version of the package that a table came from. */
  public String version(TableSource source) throws IOException {
    return packages.version(source.debianPackage());
  }
}
