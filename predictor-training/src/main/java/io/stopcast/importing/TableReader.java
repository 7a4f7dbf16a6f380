package io.stopcast.importing;

import io.stopcast.history.ImportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the table of one tool, told by its header. */
record TableReader(TableProfile profile) implements LogReader {
  /** One for each tool, those that ask for most in a header first. */
  static List<LogReader> all() {
    return List.of(
        new TableReader(new AlgoPerfTable()),
        new TableReader(new RayTable()),
        new TableReader(new UltralyticsTable()),
        new TableReader(new LightningTable()),
        new TableReader(new KerasTable()),
        new TableReader(new PlainTable()));
  }

  @Override
  public String format() {
    return profile.format();
  }

  @Override
  public boolean recognizes(LogPlace place) {
    Optional<TableHeader> header = TableHeader.of(place);
    return header.isPresent() && profile.fits(header.get(), place.path());
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path();
    TableHeader header =
        TableHeader.of(place)
            .orElseThrow(() -> new ImportException("%s does not begin with the names of two columns or more".formatted(file)));
    FolderName name = profile.name(file);
    LoggedRun run = sink.run(name.task(), name.run());
    TableRows.Read read =
        TableRows.read(file, header.separator(), profile.columns(header), "", profile.endsEachLine(), run, sink);
    profile.tellMore(file, read, run, sink);
  }
}
