package io.stopcast.importing;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * CatBoost's folder {@code catboost_info}: the errors on the learning and the test set, and the time that passed, as one run.
 * Iterations count from 0; how many were planned stands in {@code catboost_training.json}.
 */
final class CatBoostFolder implements LogReader {
  private static final String LEARN = "learn_error.tsv";
  private static final String TEST = "test_error.tsv";
  private static final String TIME = "time_left.tsv";
  private static final String TRAINING = "catboost_training.json";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(64).maxStringLength(64 << 10).build())
          .build();

  @Override
  public String format() {
    return "catboost";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    return isTable(place, LEARN) || isTable(place, TEST);
  }

  private static boolean isTable(LogPlace folder, String name) throws IOException {
    Path file = folder.path().resolve(name);
    return folder.isFolder()
        && Files.isRegularFile(file)
        && TableHeader.of(LogPlace.of(file)).filter(h -> h.separator() == '\t' && h.first().equals("iter")).isPresent();
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path folder = place.path();
    FolderName name = FolderName.of(folder);
    LoggedRun run = sink.run(name.task(), name.run());
    TableColumns errors = TableColumns.of("iter");
    TableRows.Read learn = table(folder.resolve(LEARN), errors, "learn/", run, sink);
    TableRows.Read test = table(folder.resolve(TEST), errors, "test/", run, sink);
    if (learn == null && test == null) {
      throw new ImportException("%s: neither %s nor %s could be read".formatted(folder, LEARN, TEST));
    }
    TableColumns times = TableColumns.of("iter").withCost("Passed", "milliseconds").without("Remaining"::equals);
    table(folder.resolve(TIME), times, "time/", run, sink);
    OptionalLong planned = planned(folder.resolve(TRAINING), sink);
    if (planned.isPresent()) {
      long last = planned.getAsLong() - 1;
      run.plannedStep(last);
      long reached = Math.max(learn == null ? 0 : learn.furthest(), test == null ? 0 : test.furthest());
      run.end(reached >= last ? End.COMPLETED : End.UNKNOWN);
    }
  }

  @Override
  public boolean readsAlong(LogPlace folder, Path below) {
    return below.startsWith(folder.path());
  }

  private static TableRows.Read table(Path file, TableColumns columns, String prefix, LoggedRun run, LogSink sink)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      return TableRows.read(file, '\t', columns, prefix, true, run, sink);
    } catch (ImportException e) {
      sink.skipped(file.toString(), e.getMessage());
      return null;
    }
  }

  /** The first {@code iteration_count} of the file, which stands in front of the iterations. */
  private static OptionalLong planned(Path file, LogSink sink) throws IOException {
    if (!Files.isRegularFile(file)) {
      return OptionalLong.empty();
    }
    try (JsonParser in = JSON.createParser(file.toFile())) {
      while (in.nextToken() != null) {
        if (in.currentToken() == JsonToken.FIELD_NAME && in.currentName().equals("iteration_count")) {
          return in.nextToken() == JsonToken.VALUE_NUMBER_INT && in.getLongValue() > 0
              ? OptionalLong.of(in.getLongValue())
              : OptionalLong.empty();
        }
      }
    } catch (JacksonException e) {
      sink.skipped(file.toString(), "how many iterations were planned: " + e.getOriginalMessage());
    }
    return OptionalLong.empty();
  }
}
