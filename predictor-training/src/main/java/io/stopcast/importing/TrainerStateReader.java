package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.history.ImportException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code trainer_state.json} of Hugging Face's Trainer. Every checkpoint holds a copy of the log so far: of the copies
 * below one folder the one with the largest {@code global_step} is read, or the next one if it is broken.
 *
 * <p>Cost is the tokens seen, or else the floating-point operations; where only their total is told, it is spread evenly over
 * the steps. The learning rate is a signal. No times are logged.
 */
final class TrainerStateReader implements LogReader {
  private static final String FILE = "trainer_state.json";
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-\\d+");

  private record Copy(Path file, long globalStep) {}

  @Override
  public String format() {
    return "huggingface";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    if (place.isFolder()) {
      return copies(place.path()).stream().anyMatch(file -> !place.path().equals(file.getParent()));
    }
    String head = new String(place.head(), StandardCharsets.ISO_8859_1);
    return head.stripLeading().startsWith("{") && head.contains("\"log_history\"") && head.contains("\"global_step\"");
  }

  @Override
  public boolean readsAlong(LogPlace folder, Path below) {
    Path parent = below.getParent();
    if (folder.path().equals(parent)) {
      return below.endsWith(FILE) || isCheckpoint(below);
    }
    return isCheckpoint(parent) && folder.path().equals(parent.getParent());
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    if (!place.isFolder()) {
      Path folder = place.path().toAbsolutePath().normalize().getParent();
      readFile(place.path(), FolderName.of(isCheckpoint(folder) ? folder.getParent() : folder), sink);
      return;
    }
    List<Copy> copies = new ArrayList<>();
    for (Path file : copies(place.path())) {
      copies.add(new Copy(file, TrainerState.globalStep(file)));
    }
    copies.sort(Comparator.comparingLong(Copy::globalStep).reversed().thenComparing(copy -> copy.file.toString()));
    ImportException refusal =
        new ImportException("%s holds no %s, neither itself nor in checkpoints".formatted(place.path(), FILE));
    for (Copy copy : copies) {
      try {
        readFile(copy.file, FolderName.of(place.path()), sink);
        return;
      } catch (ImportException e) {
        sink.skipped(copy.file.toString(), e.getMessage());
        refusal = e;
      }
    }
    throw refusal;
  }

  private static void readFile(Path file, FolderName name, LogSink sink) throws IOException {
    TrainerState state = TrainerState.of(file);
    LoggedRun run = sink.run(name.task(), name.run());
    if (state.maxSteps() > 0) {
      run.plannedStep(state.maxSteps());
    }
    if (state.costMetric() != null) {
      run.costMetric(state.costMetric(), state.costMetric().equals(TrainerState.TOKENS) ? "tokens" : "flos");
    }
    BestMetric best = state.best();
    try (InputStream bytes = Files.newInputStream(file);
        JsonParser in = LogJson.open(bytes)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String key = in.currentName();
        in.nextToken();
        switch (key) {
          case "log_history" -> readLog(in, state, best, run, sink, file);
          case "trial_params" -> JsonParameters.read("", in, run);
          case "train_batch_size", "num_train_epochs" -> JsonParameters.read(key, in, run);
          default -> in.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new ImportException("%s: %s; it has changed while it was read. Import it again".formatted(file, LogJson.fault(e)), e);
    } catch (MalformedRecordException e) {
      throw new ImportException("%s: %s in its parameters; mend it, or take it out".formatted(file, e.getMessage()), e);
    }
    best.tell(run);
    run.end(state.end());
  }

  private static void readLog(
      JsonParser in, TrainerState state, BestMetric best, LoggedRun run, LogSink sink, Path file) throws IOException {
    StepRow row = new StepRow(".", Set.of("epoch"));
    long costTold = -1;
    for (long entry = 1; in.nextToken() != JsonToken.END_ARRAY; entry++) {
      String where = "%s entry %d of log_history".formatted(file, entry);
      if (in.currentToken() != JsonToken.START_OBJECT) {
        in.skipChildren();
        sink.skipped(where, "expected a JSON object; it was left out");
        continue;
      }
      row.read(in, Map.of());
      double at = row.number("step");
      if (at != Math.rint(at) || Math.abs(at) > 1L << 53) {
        sink.skipped(where, "an entry without a whole step; it was left out");
        continue;
      }
      if (row.malformed() != null) {
        sink.skipped(where, row.malformed());
      }
      long step = (long) at;
      for (int i = 0; i < row.count(); i++) {
        String metric = row.name(i);
        if (metric.equals("step") || metric.equals(state.costMetric()) && !state.logsCost()) {
          continue;
        }
        run.value(metric, step, LoggedRun.NO_TIME, row.number(i));
        best.observe(metric, step, row.number(i));
      }
      if (state.costMetric() != null && !state.logsCost() && step > costTold) {
        run.value(state.costMetric(), step, LoggedRun.NO_TIME, state.costAt(step));
        costTold = step;
      }
    }
  }

  /** The folder's own copy and those of its checkpoints. */
  private static List<Path> copies(Path folder) throws IOException {
    List<Path> copies = new ArrayList<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path path : inside.sorted().toList()) {
        if (path.endsWith(FILE) && Files.isRegularFile(path)) {
          copies.add(path);
        } else if (isCheckpoint(path) && Files.isRegularFile(path.resolve(FILE))) {
          copies.add(path.resolve(FILE));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return copies;
  }

  private static boolean isCheckpoint(Path folder) {
    return folder != null && folder.getFileName() != null && CHECKPOINT.matcher(folder.getFileName().toString()).matches();
  }
}
