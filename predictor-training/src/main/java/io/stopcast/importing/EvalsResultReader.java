package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What XGBoost and LightGBM give as {@code evals_result}, dumped as JSON: for each data set its metrics, each a list with a
 * number for every round, from round 0 on. A metric is named as XGBoost prints it, {@code validation_0-logloss}.
 */
final class EvalsResultReader implements LogReader {
  private static final int MOST_METRICS = 4096;

  @Override
  public String format() {
    return "evals-result";
  }

  @Override
  public boolean recognizes(LogPlace place) {
    if (place.isFolder()) {
      return false;
    }
    try (JsonParser in = LogJson.open(place.head(), 0, place.head().length)) {
      return in.nextToken() == JsonToken.START_OBJECT
          && in.nextToken() == JsonToken.FIELD_NAME
          && in.nextToken() == JsonToken.START_OBJECT
          && in.nextToken() == JsonToken.FIELD_NAME
          && in.nextToken() == JsonToken.START_ARRAY
          && in.nextToken().isNumeric();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path();
    try (InputStream bytes = Files.newInputStream(file);
        JsonParser in = LogJson.open(bytes)) {
      try {
        readDataSets(in, file, sink);
      } catch (JsonProcessingException e) {
        throw new ImportException(
            "%s: %s. What came before was read; write the file again".formatted(file, LogJson.fault(e, in)), e);
      }
    }
  }

  private static void readDataSets(JsonParser in, Path file, LogSink sink) throws IOException {
    FolderName name = FolderName.of(file);
    LoggedRun run = null;
    Set<String> metrics = new HashSet<>();
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new ImportException("%s: expected a JSON object of data sets, as XGBoost's evals_result is".formatted(file));
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String data = in.currentName();
      if (in.nextToken() != JsonToken.START_OBJECT) {
        sink.skipped(file.toString(), "what stands for data set %s holds no metrics; it was left out".formatted(Quoted.of(data)));
        in.skipChildren();
        continue;
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String metric = data + "-" + in.currentName();
        if (in.nextToken() != JsonToken.START_ARRAY) {
          sink.skipped(file.toString(), "what stands for %s is no list; it was left out".formatted(Quoted.of(metric)));
          in.skipChildren();
          continue;
        }
        if (metrics.size() == MOST_METRICS || !metrics.add(metric)) {
          throw new ImportException(
              "%s: %s comes twice, or as one of more than %d metrics; what came before was read"
                  .formatted(file, Quoted.of(metric), MOST_METRICS));
        }
        run = run == null ? sink.run(name.task(), name.run()) : run;
        readValues(in, metric, run, sink, file);
      }
    }
    if (in.nextToken() != null) {
      sink.skipped(file.toString(), "something follows the JSON object; it was left out");
    }
    if (run == null) {
      throw new ImportException("%s: holds no list of a metric's values, as XGBoost's evals_result does".formatted(file));
    }
  }

  private static void readValues(JsonParser in, String metric, LoggedRun run, LogSink sink, Path file) throws IOException {
    for (long round = 0; in.nextToken() != JsonToken.END_ARRAY; round++) {
      if (!in.currentToken().isNumeric()) {
        in.skipChildren(); // null is Python's None: not known
        continue;
      }
      try {
        run.value(metric, round, LoggedRun.NO_TIME, LogJson.number(in));
      } catch (MalformedRecordException e) {
        sink.skipped("%s line %d".formatted(file, in.currentTokenLocation().getLineNr()), e.getMessage());
      }
    }
  }
}
