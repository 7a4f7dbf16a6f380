package io.stopcast.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decision logs of live runs ({@code io.stopcast.live.DecisionLog}) tell of runs that were watched and not stopped.
 *
 * <p>Told apart are runs that were stopped for real, runs that did not end by themselves, and runs of which the log lacks lines,
 * for it may lack the best value. A run that went on after a crash goes on here, from the step after which it was resumed. The
 * points' values are kept in memory.
 *
 * @param runs those that can be scored, in the order in which they began
 * @param acting how many runs were stopped if so decided: what they would have gained is not in the log
 * @param unfinished how many did not end by themselves, as far as the log says
 * @param incomplete how many lack lines, or nothing finite to be judged by
 * @param unreadable where lines stand that are no JSON, such as one cut off when its writer died
 */
public record ShadowLogs(List<ShadowRun> runs, int acting, int unfinished, int incomplete, List<String> unreadable) {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .build())
          .build();

  public ShadowLogs {
    runs = List.copyOf(runs);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Reads logs, one after the other, as one.
   *
   * @throws ImportException if a line is JSON but of no decision log, or if there is no run at all
   */
  public static ShadowLogs read(List<Path> logs) throws IOException {
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
    return reading.result();
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

    ShadowLogs result() {
      List<ShadowRun> runs = new ArrayList<>();
      int acting = 0;
      int unfinished = 0;
      int incomplete = 0;
      for (Logged logged : begun) {
        if (logged.continued) {
          continue;
        }
        if (!logged.shadow) {
          acting++;
        } else if (!logged.end.isScored()) {
          unfinished++;
        } else {
          Optional<ShadowRun> run = logged.run();
          incomplete += run.isEmpty() ? 1 : 0;
          run.ifPresent(runs::add);
        }
      }
      return new ShadowLogs(runs, acting, unfinished, incomplete, unreadable);
    }
  }

  /** A run as far as it was read. */
  private static final class Logged {
    private final RunContext context;
    private final String model;
    private final double price;
    private final boolean shadow;
    private final Logged before;
    private final List<Point> points = new ArrayList<>();
    private int sinceHead;
    private boolean continued;
    private boolean complete = true;
    private End end = End.UNKNOWN;

    private record Point(long step, double cost, double value, boolean stop) {}

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
      price = number(head, "price");
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
      before.points.stream().filter(point -> point.step <= after).forEach(points::add);
    }

    void point(JsonNode line) {
      sinceHead++;
      points.add(
          new Point(
              line.path("step").asLong(), number(line, "cost"), number(line, "value"),
              text(line, "decision").equals("stop")));
    }

    void end(JsonNode line) {
      String word = line.path("ended").asText(End.UNKNOWN.word());
      end = Arrays.stream(End.values()).filter(e -> e.word().equals(word)).findFirst().orElse(End.UNKNOWN);
      complete &= line.path("steps_left_out").asLong() == 0 && line.path("steps_logged").asLong() == sinceHead;
    }

    Optional<ShadowRun> run() {
      boolean hasCosts = points.stream().allMatch(point -> Double.isFinite(point.cost));
      List<Step> steps = new ArrayList<>();
      int stop = points.size() - 1;
      double spent = 0;
      for (int t = 0; t < points.size(); t++) {
        Point point = points.get(t);
        hasCosts &= point.cost >= spent;
        spent = point.cost;
        stop = point.stop ? Math.min(stop, t) : stop;
      }
      for (int t = 0; t < points.size(); t++) { // costs that do not grow count for nothing: each point costs the same then
        Point point = points.get(t);
        steps.add(Step.of(point.step, hasCosts ? point.cost : t + 1, context.objective().metric(), point.value));
      }
      Run run = new Run(context, steps, end);
      return complete && Usability.of(run) == Usability.SCORED
          ? Optional.of(new ShadowRun(run, stop, model, price))
          : Optional.empty();
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
