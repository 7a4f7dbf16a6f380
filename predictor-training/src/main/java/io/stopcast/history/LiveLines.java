package io.stopcast.history;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs that are going on, from a stream of JSON lines: a line that announces a run, then its steps, one a line; several
 * runs may take turns.
 *
 * <p>A run is announced by what the canonical form of a recorded run says of it, without {@code end} and {@code steps}; all
 * but the objective may be left out. A step is one of that form's; the cost may be left out if unknown, and a {@code run}
 * says which run it belongs to, the one announced last if there is none. Announcing a run again starts it anew.
 *
 * <p>Every line is completed to a recorded run of at most one step and given to the reader of recorded runs. So both mean the
 * same, in what is refused and in what is hidden as a label.
 *
 * <p>A bad line costs nothing but itself. Memory: the longest line, of at most {@value #LONGEST} bytes, and what is known of
 * {@value #MOST_RUNS} runs; beyond these, the run that was silent for longest is forgotten. One thread at a time.
 *
 * @param <W> what watches a run
 */
public final class LiveLines<W> {
  static final int LONGEST = 1 << 20;
  static final int MOST_RUNS = 10_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(64)
                          .maxStringLength(64 << 10)
                          .maxNameLength(1 << 10)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Numbers as they stand: it is up to the other reader to take one as a double or to refuse it.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final InputStream in;
  private final Function<RunContext, W> watcher;
  private final JsonRunParser parser = new JsonRunParser();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Map<String, Announced<W>> runs =
      new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Announced<W>> eldest) {
          return size() > MOST_RUNS;
        }
      };

  private String latest;
  private long number;

  private record Announced<W>(ObjectNode header, W watching) {}

  /**
   * Reads from a stream, which it does not close.
   *
   * @param watcher called once for every run that is announced
   */
  public LiveLines(InputStream in, Function<RunContext, W> watcher) {
    this.in = new BufferedInputStream(in);
    this.watcher = watcher;
  }

  /** The next line that wants an answer: a step, or one that cannot be read; empty at the end of the stream. */
  public Optional<LiveLine<W>> next() throws IOException {
    while (advance()) {
      try {
        if (line.size() > LONGEST) {
          throw new JsonRunParser.Fault("longer than %d bytes; expected one step a line".formatted(LONGEST));
        }
        JsonNode read = JSON.readTree(line.toByteArray());
        if (read.isMissingNode()) {
          continue; // a blank line
        }
        if (!(read instanceof ObjectNode object)) {
          throw new JsonRunParser.Fault("expected a run or a step as a JSON object");
        }
        if (object.has("step")) {
          return Optional.of(report(object));
        }
        announce(object);
      } catch (JsonRunParser.Fault e) {
        return unreadable(withoutColumn(e.getMessage()));
      } catch (MismatchedInputException e) {
        return unreadable("expected nothing after the closing brace"); // all that a tree can be mismatched by
      } catch (JacksonException e) {
        int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
        return unreadable("not JSON at column %d: %s".formatted(column, e.getOriginalMessage()));
      }
    }
    return Optional.empty();
  }

  private Optional<LiveLine<W>> unreadable(String why) {
    return Optional.of(new LiveLine.Unreadable<>("line %d: %s".formatted(number, why)));
  }

  /** Of the completed line, which nobody has seen. */
  private static String withoutColumn(String message) {
    return message.replaceFirst("^column \\d+: ", "");
  }

  /** Reads a line, of one that is too long as much as shows that; false at the end of the stream. */
  private boolean advance() throws IOException {
    line.reset();
    int c = in.read();
    if (c < 0) {
      return false;
    }
    number++;
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (line.size() <= LONGEST) {
        line.write(c);
      }
    }
    return true;
  }

  private void announce(ObjectNode header) throws IOException {
    for (String key : new String[] {"end", "exempt", "steps"}) {
      if (header.has(key)) {
        throw new JsonRunParser.Fault("a run that is going on has no '%s' yet; send its steps one a line".formatted(key));
      }
    }
    putIfAbsent(header, "source", "live");
    putIfAbsent(header, "task", "unnamed");
    putIfAbsent(header, "run", "unnamed");
    putIfAbsent(header, "cost_unit", "steps");
    header.put("end", "unknown");
    header.putArray("steps");
    RunContext run = parse(header).context();
    latest = run.run();
    runs.put(latest, new Announced<>(header, watcher.apply(run)));
  }

  private static void putIfAbsent(ObjectNode header, String key, String value) {
    if (!header.has(key)) {
      header.put(key, value);
    }
  }

  private LiveLine.Report<W> report(ObjectNode step) throws IOException {
    JsonNode named = step.remove("run");
    if (named != null && !named.isTextual()) {
      throw new JsonRunParser.Fault("expected text for 'run'");
    }
    String name = named == null ? latest : named.textValue();
    Announced<W> run = name == null ? null : runs.get(name);
    if (run == null) {
      throw new JsonRunParser.Fault(
          (name == null ? "no run was announced" : "no run %s was announced, or too many since".formatted(Quoted.of(name)))
              + "; send a line with its objective before its steps");
    }
    boolean costKnown = step.has("cost");
    if (!costKnown) {
      step.put("cost", 0); // the canonical form wants one
    }
    ObjectNode whole = run.header.objectNode().setAll(run.header);
    whole.putArray("steps").add(step);
    Step read = parse(whole).steps().get(0);
    return new LiveLine.Report<>(
        run.watching, Optional.ofNullable(named).map(JsonNode::textValue), costKnown ? read : withoutCost(read));
  }

  private static Step withoutCost(Step step) {
    return Step.of(
        step.index(), Double.NaN, step.names(), step.names().stream().mapToDouble(step::value).toArray());
  }

  private Run parse(ObjectNode whole) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(whole);
    return parser.parse(bytes, bytes.length);
  }
}
