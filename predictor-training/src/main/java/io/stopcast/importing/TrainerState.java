package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.stopcast.history.ImportException;
import io.stopcast.run.End;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code trainer_state.json} says of the training as a whole, in a first pass over the file: what stands after the log
 * matters for how the log is read.
 */
final class TrainerState {
  static final String TOKENS = "num_input_tokens_seen";
  static final String FLOS = "total_flos";

  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d{1,18})/?$");

  private long globalStep = -1;
  private long maxSteps;
  private double totalFlos;
  private double tokens;
  private double bestMetric = Double.NaN;
  private long bestStep = -1;
  private boolean logsTokens;
  private boolean lastIsSummary;
  private boolean hasLog;

  /** @throws ImportException if the file is not the JSON of a trainer's state, to its end */
  static TrainerState of(Path file) throws IOException {
    TrainerState state = new TrainerState();
    try (InputStream bytes = Files.newInputStream(file);
        JsonParser in = LogJson.open(bytes)) {
      try {
        if (in.nextToken() != JsonToken.START_OBJECT) {
          throw new ImportException("%s: expected a JSON object, as Hugging Face's trainer_state.json is".formatted(file));
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String key = in.currentName();
          in.nextToken();
          state.readField(key, in);
        }
      } catch (MalformedRecordException e) {
        throw new ImportException("%s: %s; write the file again".formatted(file, e.getMessage()), e);
      } catch (JsonProcessingException e) {
        throw new ImportException(
            "%s: %s. Copy the file again, or give the folder above the checkpoints, so that an earlier one is read"
                .formatted(file, LogJson.fault(e, in)),
            e);
      }
    }
    if (state.globalStep < 0 || !state.hasLog) {
      throw new ImportException("%s: expected a global_step and a log_history, as trainer_state.json has".formatted(file));
    }
    return state;
  }

  /** The step that a file says it was written at, read no further than needed; -1 if it says none. */
  static long globalStep(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        JsonParser in = LogJson.open(bytes)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return -1;
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = in.currentName().equals("global_step");
        in.nextToken();
        if (found) {
          return in.currentToken().isNumeric() ? in.getValueAsLong(-1) : -1;
        }
        in.skipChildren();
      }
    } catch (JsonProcessingException e) {
      return -1;
    }
    return -1;
  }

  private void readField(String key, JsonParser in) throws IOException {
    switch (key) {
      case "global_step" -> globalStep = in.getValueAsLong(-1);
      case "max_steps" -> maxSteps = in.getValueAsLong(0);
      case FLOS -> totalFlos = in.getValueAsDouble(0);
      case TOKENS -> tokens = in.getValueAsDouble(0);
      case "best_metric" -> bestMetric = in.getValueAsDouble(Double.NaN);
      case "best_global_step" -> bestStep = in.getValueAsLong(-1);
      case "best_model_checkpoint" -> {
        Matcher checkpoint = CHECKPOINT.matcher(in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "");
        if (bestStep < 0 && checkpoint.find()) {
          bestStep = Long.parseLong(checkpoint.group(1));
        }
      }
      case "log_history" -> {
        if (hasLog) {
          throw new MalformedRecordException("log_history comes twice");
        }
        hasLog = in.currentToken() == JsonToken.START_ARRAY;
        if (hasLog) {
          scanLog(in);
        }
      }
      default -> {}
    }
    in.skipChildren();
  }

  private void scanLog(JsonParser in) throws IOException {
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        in.skipChildren();
        continue;
      }
      lastIsSummary = false;
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        lastIsSummary |= in.currentName().equals("train_runtime");
        logsTokens |= in.currentName().equals(TOKENS);
        in.nextToken();
        in.skipChildren();
      }
    }
  }

  /** What the run has cost by a step, where not every entry of the log tells: the total spread evenly over the steps. */
  double costAt(long step) {
    return globalStep > 0 ? total() * step / globalStep : 0;
  }

  private double total() {
    return tokens > 0 ? tokens : totalFlos;
  }

  /** The counter that cost is told by; null if there is none. */
  String costMetric() {
    return logsTokens || tokens > 0 ? TOKENS : totalFlos > 0 ? FLOS : null;
  }

  /** Whether the log's own entries tell the cost. */
  boolean logsCost() {
    return logsTokens;
  }

  /** 0 if not known. */
  long maxSteps() {
    return maxSteps;
  }

  BestMetric best() {
    return new BestMetric(bestMetric, bestStep);
  }

  /**
   * The trainer logs a summary when it is done: before the planned end, a rule has stopped it. Without, this is a checkpoint
   * on the way.
   */
  End end() {
    if (maxSteps > 0 && globalStep >= maxSteps) {
      return End.COMPLETED;
    }
    return lastIsSummary ? End.EARLY_STOPPED : End.TRUNCATED;
  }
}
