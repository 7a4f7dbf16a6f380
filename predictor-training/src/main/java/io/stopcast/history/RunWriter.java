package io.stopcast.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stopcast.run.Direction;
import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes runs in the canonical form, one a line. The same runs give the same bytes.
 *
 * <p>As the form has it, a value that is NaN or infinite is left out of its step. Not safe for several threads.
 */
public final class RunWriter implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final OutputStream out;

  /** Writes to a stream, which is closed with this. */
  public RunWriter(OutputStream out) {
    this.out = out;
  }

  public void write(Run run) throws IOException {
    out.write((line(run) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a run as one line, without its end. */
  public static String line(Run run) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      RunContext context = run.context();
      json.writeStartObject();
      json.writeStringField("source", context.source());
      json.writeStringField("task", context.task());
      json.writeStringField("run", context.run());
      json.writeObjectFieldStart("context");
      for (Map.Entry<String, Object> entry : context.parameters().entrySet()) {
        json.writeFieldName(entry.getKey());
        writeScalar(json, entry.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("objective");
      json.writeStringField("name", context.objective().metric());
      json.writeStringField("goal", context.objective().direction() == Direction.MAXIMIZE ? "max" : "min");
      json.writeEndObject();
      json.writeStringField("end", JsonRunParser.nameOf(run.end()));
      writeHorizon(json, context.horizon());
      json.writeStringField("cost_unit", context.costUnit());
      writeLabelNames(json, run);
      json.writeArrayFieldStart("steps");
      for (int i = 0; i < run.steps().size(); i++) {
        writeStep(json, run, i);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory failed", e);
    }
    return text.toString();
  }

  private static void writeScalar(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Double number) {
      writeNumber(json, number);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else {
      json.writeString(value.toString());
    }
  }

  private static void writeHorizon(JsonGenerator json, Horizon horizon) throws IOException {
    if (horizon.points() > 0) {
      json.writeNumberField("planned", horizon.points());
    }
    if (horizon.cost() > 0) {
      json.writeFieldName("planned_cost");
      writeNumber(json, horizon.cost());
    }
  }

  private static void writeLabelNames(JsonGenerator json, Run run) throws IOException {
    if (!run.labels().isEmpty()) {
      json.writeArrayFieldStart("labels");
      for (String label : new TreeMap<>(run.labels()).keySet()) {
        json.writeString(label);
      }
      json.writeEndArray();
    }
  }

  private static void writeStep(JsonGenerator json, Run run, int i) throws IOException {
    Step step = run.steps().get(i);
    Map<String, Double> values = new TreeMap<>();
    step.names().forEach(name -> values.put(name, step.value(name)));
    run.labels().forEach((name, all) -> values.put(name, all[i]));
    json.writeStartObject();
    json.writeNumberField("step", step.index());
    json.writeFieldName("cost");
    writeNumber(json, step.cost());
    json.writeObjectFieldStart("values");
    for (Map.Entry<String, Double> value : values.entrySet()) {
      if (Double.isFinite(value.getValue())) {
        json.writeFieldName(value.getKey());
        writeNumber(json, value.getValue());
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Whole numbers without a fraction: shorter, and the form of the public histories. */
  private static void writeNumber(JsonGenerator json, double value) throws IOException {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      json.writeNumber((long) value);
    } else {
      json.writeNumber(value);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
