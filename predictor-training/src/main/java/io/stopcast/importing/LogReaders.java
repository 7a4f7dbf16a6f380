package io.stopcast.importing;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All formats, in the order in which they are asked whether a place is theirs: what is told by a plain mark first, tables last. */
final class LogReaders {
  static final List<LogReader> ALL =
      Stream.concat(
              Stream.of(
                  new RecordingReader(), // its header has what a line of our own form has, too
                  new CanonicalReader(),
                  new MlflowFiles(),
                  new CatBoostFolder(),
                  new DvcLiveFolder(),
                  new AlgoPerfFolder(),
                  new TensorBoardReader(),
                  new WandbReader(),
                  new MlflowDatabase(),
                  new OptunaDatabase(),
                  new TrainerStateReader(),
                  new OptunaJournal(),
                  new WandbHistoryReader(),
                  new RayReader(),
                  new EvalsResultReader(),
                  new WandbCsvReader(),
                  new MlperfReader()),
              TableReader.all().stream())
          .toList();

  private LogReaders() {}

  static Optional<LogReader> named(String format) {
    return ALL.stream().filter(reader -> reader.format().equals(format)).findFirst();
  }
}
