package io.stopcast.datasets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stopcast.run.Direction;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/**
 * Writes runs as lines of JSON, one run a line.
 *
 * <p>Real numbers keep five significant digits. A value that is NaN or infinite is left out of its step. The same run
 * gives the same bytes on every machine, but for the processor time in it.
 */
final class RunWriter {
  private static final MathContext DIGITS = new MathContext(5);
  private static final JsonFactory JSON = new JsonFactory();

  private RunWriter() {}

  /** Returns the run as a line in UTF-8, its line feed included. */
  static byte[] line(Run run) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      write(run, json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void write(Run run, JsonGenerator json) throws IOException {
    RunContext context = run.context();
    json.writeStartObject();
    json.writeStringField("source", context.source());
    json.writeStringField("task", context.task());
    json.writeStringField("run", context.run());
    json.writeObjectFieldStart("context");
    for (Map.Entry<String, Object> parameter : context.parameters().entrySet()) {
      json.writeFieldName(parameter.getKey());
      writeScalar(parameter.getValue(), json);
    }
    json.writeEndObject();
    json.writeObjectFieldStart("objective");
    json.writeStringField("name", context.objective().metric());
    json.writeStringField("goal", context.objective().direction() == Direction.MAXIMIZE ? "max" : "min");
    json.writeEndObject();
    json.writeStringField("end", run.end().word());
    if (context.horizon().points() > 0) {
      json.writeNumberField("planned", context.horizon().points());
    }
    if (context.horizon().cost() > 0) {
      json.writeFieldName("planned_cost");
      writeReal(context.horizon().cost(), json);
    }
    json.writeStringField("cost_unit", context.costUnit());
    List<String> labels = run.labels().keySet().stream().sorted().toList();
    if (!labels.isEmpty()) {
      json.writeArrayFieldStart("labels");
      for (String label : labels) {
        json.writeString(label);
      }
      json.writeEndArray();
    }
    json.writeArrayFieldStart("steps");
    for (int i = 0; i < run.steps().size(); i++) {
      writeStep(run, i, labels, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeStep(Run run, int i, List<String> labels, JsonGenerator json) throws IOException {
    Step step = run.steps().get(i);
    json.writeStartObject();
    json.writeNumberField("step", step.index());
    if (Double.isFinite(step.cost())) {
      json.writeFieldName("cost");
      writeCost(step.cost(), json);
    }
    json.writeObjectFieldStart("values");
    for (String name : step.names()) {
      writeField(name, step.value(name), json);
    }
    for (String label : labels) {
      writeField(label, run.labels().get(label)[i], json);
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeField(String name, double value, JsonGenerator json) throws IOException {
    if (Double.isFinite(value)) {
      json.writeFieldName(name);
      writeReal(value, json);
    }
  }

  private static void writeScalar(Object value, JsonGenerator json) throws IOException {
    if (value instanceof Double real) {
      writeReal(real, json);
    } else if (value instanceof Long whole) {
      json.writeNumber(whole);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeString(value.toString());
    }
  }

  /** A count keeps all its digits: cut to five, the cost of late steps would no longer rise. */
  private static void writeCost(double cost, JsonGenerator json) throws IOException {
    if (cost == Math.rint(cost) && Math.abs(cost) < 1e15) {
      json.writeNumber((long) cost);
    } else {
      writeReal(cost, json);
    }
  }

  /** By way of decimals: how Java prints a double differs between its versions. */
  private static void writeReal(double value, JsonGenerator json) throws IOException {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    json.writeNumber(rounded.scale() < 0 ? rounded.setScale(0) : rounded);
  }
}
