package io.stopcast.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lightning's CSVLogger, {@code lightning_logs/version_0/metrics.csv}: training and validation write rows of their own, each
 * with the cells of the other empty. Told from other tables with steps by its file's or folder's name, or by the {@code
 * hparams.yaml} beside it.
 */
final class LightningTable implements TableProfile {
  private static final String HPARAMS = "hparams.yaml";

  @Override
  public String format() {
    return "lightning";
  }

  @Override
  public boolean fits(TableHeader header, Path file) {
    return header.has("step")
        && (file.getFileName().toString().equals("metrics.csv")
            || Files.isRegularFile(file.resolveSibling(HPARAMS))
            || FolderName.of(file.toAbsolutePath().normalize().getParent()).run().matches(".*/version_\\d+"));
  }

  @Override
  public TableColumns columns(TableHeader header) {
    return TableColumns.of("step").without("epoch"::equals);
  }

  @Override
  public void tellMore(Path file, TableRows.Read read, LoggedRun run, LogSink sink) throws IOException {
    Companions.tell(file.resolveSibling(HPARAMS), run, sink);
  }
}
