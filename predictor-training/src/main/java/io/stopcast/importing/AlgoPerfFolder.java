package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of one trial of the AlgoPerf benchmark. */
final class AlgoPerfFolder implements LogReader {
  private final TableReader reader = new TableReader(new AlgoPerfTable());

  @Override
  public String format() {
    return "algoperf-folder";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    Path table = table(place);
    return table != null && reader.recognizes(LogPlace.of(table));
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path table = table(place);
    if (table == null) {
      throw new ImportException("%s holds no %s".formatted(place.path(), AlgoPerfTable.ALL));
    }
    reader.read(LogPlace.of(table), sink);
  }

  @Override
  public boolean readsAlong(LogPlace folder, Path below) {
    return below.equals(folder.path().resolve(AlgoPerfTable.ALL))
        || below.equals(folder.path().resolve(AlgoPerfTable.EVALUATIONS));
  }

  private static Path table(LogPlace place) {
    if (!place.isFolder()) {
      return null;
    }
    Path all = place.path().resolve(AlgoPerfTable.ALL);
    Path evaluations = place.path().resolve(AlgoPerfTable.EVALUATIONS);
    return Files.isRegularFile(all) ? all : Files.isRegularFile(evaluations) ? evaluations : null;
  }
}
