package io.stopcast.importing;

import java.nio.file.Path;
import java.util.List;

/**
 * Keras' CSVLogger: {@code epoch}, from 0, then the metrics by name. {@code NA} where an epoch did not report one. With {@code
 * append=True} the epochs of a second {@code fit} begin again.
 */
final class KerasTable implements TableProfile {
  @Override
  public String format() {
    return "keras";
  }

  @Override
  public boolean fits(TableHeader header, Path file) {
    List<String> metrics = header.names().subList(1, header.names().size());
    return header.first().equals("epoch") && metrics.contains("loss") && metrics.equals(metrics.stream().sorted().toList());
  }

  @Override
  public TableColumns columns(TableHeader header) {
    return TableColumns.of("epoch");
  }

  @Override
  public FolderName name(Path file) {
    return PlainTable.byFileName(file);
  }
}
