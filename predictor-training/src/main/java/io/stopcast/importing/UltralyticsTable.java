package io.stopcast.importing;

import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Ultralytics' {@code results.csv}: old ones are padded with spaces, count epochs from 0 and have no time. The arguments of the
 * training stand beside, in {@code args.yaml}, or in {@code opt.yaml} and {@code hyp.yaml}: among them how many epochs were
 * planned.
 */
final class UltralyticsTable implements TableProfile {
  @Override
  public String format() {
    return "ultralytics";
  }

  @Override
  public boolean fits(TableHeader header, Path file) {
    return header.first().equals("epoch") && header.hasStart("metrics/");
  }

  @Override
  public TableColumns columns(TableHeader header) {
    return TableColumns.of("epoch").withCost("time", "seconds");
  }

  @Override
  public void tellMore(Path file, TableRows.Read read, LoggedRun run, LogSink sink) throws IOException {
    Map<String, Object> arguments = Companions.tell(file.resolveSibling("args.yaml"), run, sink);
    if (arguments.isEmpty()) {
      arguments = Companions.tell(file.resolveSibling("opt.yaml"), run, sink);
      Companions.tell(file.resolveSibling("hyp.yaml"), run, sink);
    }
    if (read.rows() > 0 && arguments.get("epochs") instanceof Long epochs && epochs > 0 && epochs < Integer.MAX_VALUE) {
      long planned = epochs - (read.first() == 0 ? 1 : 0);
      run.plannedStep(planned);
      run.end(read.furthest() >= planned ? End.COMPLETED : End.UNKNOWN);
    }
  }
}
