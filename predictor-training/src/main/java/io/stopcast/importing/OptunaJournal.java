package io.stopcast.importing;

import com.fasterxml.jackson.databind.JsonNode;
import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Optuna's journal, one operation a line.
 *
 * <p>Read twice: studies that are deleted further down must be known before their trials are told. A last line that is cut off,
 * as a journal that is being written has it, is left out.
 */
final class OptunaJournal implements LogReader {
  private static final int LONGEST_LINE = 16 << 20;
  private static final Pattern FIRST_LINE = Pattern.compile("^\\s*\\{\\s*\"op_code\"\\s*:\\s*\\d+\\s*,.*\"worker_id\"\\s*:");

  @Override
  public String format() {
    return "optuna-journal";
  }

  @Override
  public Duplicates duplicates() {
    return Duplicates.FIRST;
  }

  @Override
  public boolean recognizes(LogPlace place) {
    String head = new String(place.head(), 0, Math.min(place.head().length, 1024), StandardCharsets.UTF_8);
    return FIRST_LINE.matcher(head).find();
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Set<Long> deleted = new HashSet<>();
    each(place.path(), (operation, line) -> noteDeleted(operation, deleted), (line, why) -> {}, line -> {});
    Omissions omissions = new Omissions(sink, place.path().toString());
    OptunaReplay replay = new OptunaReplay(place.path(), deleted, sink);
    each(
        place.path(),
        replay::apply,
        (line, why) -> omissions.add("line " + line, why),
        line -> sink.repaired(place.path() + " line " + line, "a cut-off last line was left out"));
    omissions.finish();
    replay.finish();
  }

  private static void noteDeleted(JsonNode operation, Set<Long> deleted) {
    if (operation.path("op_code").asInt(-1) == OptunaReplay.DELETE_STUDY && operation.path("study_id").canConvertToLong()) {
      deleted.add(operation.path("study_id").longValue());
    }
  }

  private interface Operation {
    void apply(JsonNode operation, long line) throws IOException;
  }

  private interface Fault {
    void at(long line, String why);
  }

  private interface CutOff {
    void at(long line);
  }

  private static void each(Path path, Operation operation, Fault fault, CutOff cutOff) throws IOException {
    OptunaJson json = new OptunaJson();
    long good = 0;
    long bad = 0;
    try (BoundedLines lines = new BoundedLines(path, LONGEST_LINE)) {
      while (lines.advance()) {
        String text = lines.text();
        if (text.isBlank()) {
          continue;
        }
        try {
          JsonNode parsed = json.parse(text);
          if (!parsed.path("op_code").isInt()) {
            throw new IllegalArgumentException("no operation of Optuna: " + Quoted.of(text));
          }
          operation.apply(parsed, lines.number());
          good++;
        } catch (IllegalArgumentException e) {
          if (lines.isEnded()) {
            bad++;
            fault.at(lines.number(), e.getMessage());
          } else {
            cutOff.at(lines.number());
          }
        }
      }
    }
    if (good == 0) {
      throw new ImportException(
          "%s: none of its %d lines is an operation of Optuna's journal; expected objects with an 'op_code'"
              .formatted(path, bad));
    }
  }
}
