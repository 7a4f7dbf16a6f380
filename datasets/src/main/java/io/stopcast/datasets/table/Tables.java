package io.stopcast.datasets.table;

import io.stopcast.datasets.rdata.RFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Opens the tables of the catalogue and keeps those opened. Not for use by several threads. */
public final class Tables {
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
      table = read(source, packages.root(source.debianPackage()).resolve(source.path()));
      open.put(source.name(), table);
    }
    return table;
  }

  /** The version of the package that a table came from. */
  public String version(TableSource source) throws IOException {
    return packages.version(source.debianPackage());
  }

  private static Table read(TableSource source, Path file) throws IOException {
    switch (source.form()) {
      case R_SAVED:
        return Table.of(source, RFiles.readSaved(file, source.name()));
      case R_LAZY:
        return Table.of(source, RFiles.readLazy(file, source.name()));
      case CSV:
        return CsvFile.read(source, file);
      default:
        throw new IllegalStateException("no reader for form " + source.form());
    }
  }
}
