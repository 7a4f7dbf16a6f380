package io.stopcast.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decision logs of live runs ({@code io.stopcast.live.DecisionLog}) hold, whether or not the runs were stopped.
 *
 * <p>A run that went on after a crash goes on here, from the step after which it was resumed. The points are kept in memory.
 *
 * @param runs in the order in which they began, or began again
 * @param unreadable where lines stand that are no JSON, such as one cut off when its writer died
 */
public record DecisionLogs(List<DecidedRun> runs, List<String> unreadable) {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .build();

  public DecisionLogs {
    runs = List.copyOf(runs);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Reads logs, one after the other, as one.
   *
   * @throws ImportException if a line is JSON but of no decision log, or if there is no run at all
   */
  public static DecisionLogs read(List<Path> logs) throws IOException {
    Reading reading = new Reading();
    for (Path log : logs) {
      try (Lines lines = Lines.open(log)) {
        while (lines.advance()) {
          reading.line(lines, log.toString());
        }
      }
    }
    if (reading.begun.isEmpty()) {
      throw new ImportException("there is no run in %s; give files that a DecisionLog wrote".formatted(logs));
    }
    return new DecisionLogs(
        reading.begun.stream().filter(run -> !run.continued).map(Logged::decided).toList(), reading.unreadable);
  }

  /** Whether a file begins as a decision log does: with a line of JSON that tells of a run that is decided about. */
  public static boolean isOne(Path file) throws IOException {
    try (Lines lines = Lines.open(file)) {
      if (!lines.advance()) {
        return false;
      }
      JsonNode line = JSON.readTree(lines.bytes(), 0, lines.length());
      return line.path("objective").isTextual() && line.has("shadow") && line.has("model");
    } catch (JsonProcessingException | ImportException e) {
      return false;
    }
  }

  private static final class Reading {
    private final List<Logged> begun = new ArrayList<>();
    private final Map<String, Logged> open = new HashMap<>();
    private final List<String> unreadable = new ArrayList<>();

    void line(Lines lines, String file) throws IOException {
      JsonNode line;
      try {
        line = JSON.readTree(lines.bytes(), 0, lines.length());
      } catch (JsonProcessingException e) {
        unreadable.add("%s line %d".formatted(file, lines.number()));
        return;
      }
      if (line.isMissingNode()) {
        return; // an empty line
      }
      try {
        take(line);
      } catch (IllegalArgumentException e) {
        throw ImportException.at(file, lines.number(), "no line of a decision log: " + e.getMessage());
      }
    }

    private void take(JsonNode line) {
      String name = text(line, "run");
      if (line.has("objective")) {
        Logged run = new Logged(line, open.get(name));
        begun.add(run);
        open.put(name, run);
        return;
      }
      Logged run = open.get(name);
      if (run == null) {
        return; // its first line was lost: nothing is known of it
      }
      if (line.has("resumed_after")) {
        run.resume(line.get("resumed_after").asLong());
      } else if (line.path("end").asBoolean()) {
        run.end(line);
      } else {
        run.point(line);
      }
    }
  }

  /** A run as far as it was read. */
  private static final class Logged {
    private final RunContext context;
    private final String model;
    private final String sha256;
    private final double price;
    private final Optional<ShadowRun.Kept> kept;
    private final Optional<DecidedRun.Exploring> exploring;
    private final boolean shadow;
    private final Logged before;
    private final List<DecidedRun.Point> points = new ArrayList<>();
    private int sinceHead;
    private boolean continued;
    private boolean complete = true;
    private boolean ended;
    private End end = End.UNKNOWN;

    Logged(JsonNode head, Logged before) {
      Objective objective =
          switch (text(head, "goal")) {
            case "minimize" -> Objective.minimize(text(head, "objective"));
            case "maximize" -> Objective.maximize(text(head, "objective"));
            default -> throw new IllegalArgumentException("the goal must be minimize or maximize, but was " + head.get("goal"));
          };
      Horizon horizon = new Horizon(head.path("planned").asLong(), number(head, "planned_cost"));
      context =
          new RunContext(
              text(head, "source"), text(head, "task"), text(head, "run"), objective, horizon,
              head.path("cost_unit").asText("steps"), Map.of());
      model = text(head, "model");
      sha256 = head.path("sha256").asText();
      price = number(head, "price");
      kept =
          head.has("limit")
              ? Optional.of(new ShadowRun.Kept(RegretLimit.parse(text(head, "limit")), Promise.Unit.of(text(head, "unit"))))
              : Optional.empty();
      exploring =
          head.has("stop_probability")
              ? Optional.of(new DecidedRun.Exploring(number(head, "stop_probability"), head.path("exempt").asBoolean()))
              : Optional.empty();
      shadow = head.path("shadow").asBoolean();
      this.before = before;
    }

    void resume(long after) {
      if (before == null) {
        complete = false; // how it began stands in a log that was not given
        return;
      }
      before.continued = true;
      complete = before.complete;
      before.points.stream().filter(point -> point.step() <= after).forEach(points::add);
    }

    void point(JsonNode line) {
      sinceHead++;
      points.add(
          new DecidedRun.Point(
              line.path("step").asLong(),
              number(line, "cost"),
              number(line, "value"),
              number(line, "score"),
              number(line, "threshold"),
              line.path("by").asText(),
              text(line, "decision").equals("stop"),
              line.path("reason").asText()));
    }

    void end(JsonNode line) {
      String word = line.path("ended").asText(End.UNKNOWN.word());
      end = Arrays.stream(End.values()).filter(e -> e.word().equals(word)).findFirst().orElse(End.UNKNOWN);
      ended = true;
      complete &= line.path("steps_left_out").asLong() == 0 && line.path("steps_logged").asLong() == sinceHead;
    }

    DecidedRun decided() {
      return new DecidedRun(context, model, sha256, price, kept, exploring, shadow, complete && ended, end, points);
    }
  }

  private static String text(JsonNode line, String name) {
    JsonNode value = line.get(name);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException("it needs \"%s\" with a text".formatted(name));
    }
    return value.textValue();
  }

  private static double number(JsonNode line, String name) {
    JsonNode value = line.get(name);
    return value != null && value.isNumber() ? value.doubleValue() : Double.NaN;
  }
}
