package io.stopcast.importing;

import java.nio.file.Path;
import java.util.List;

/** Any table whose first column counts steps: {@code step}, {@code epoch}, {@code iteration}, {@code global_step}. */
final class PlainTable implements TableProfile {
  private static final List<String> STEPS = List.of("step", "epoch", "iteration", "global_step", "iter");

  @Override
  public String format() {
    return "table";
  }

  @Override
  public boolean fits(TableHeader header, Path file) {
    return header.startsWithAny(STEPS);
  }

  /** An epoch beside a step is another count. */
  @Override
  public TableColumns columns(TableHeader header) {
    return TableColumns.of(header.first()).without("epoch"::equalsIgnoreCase);
  }

  @Override
  public FolderName name(Path file) {
    return byFileName(file);
  }

  /** Written by anything, so that a last line may well have no end. */
  @Override
  public boolean endsEachLine() {
    return false;
  }

  /** Named by the folder and the file without its ending. */
  static FolderName byFileName(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return FolderName.of(file.toAbsolutePath().normalize().resolveSibling(dot > 0 ? name.substring(0, dot) : name));
  }
}
