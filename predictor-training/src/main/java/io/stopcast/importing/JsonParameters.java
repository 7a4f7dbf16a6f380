package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.Writer;

/**
 * Hyper-parameters from JSON: nested ones as {@code optimizer.lr}, lists as their text. What is longer than 1 KiB says
 * nothing and is left out.
 */
final class JsonParameters implements JsonLeaves.Visitor {
  static final int LONGEST = 1 << 10;

  private static final JsonFactory TEXT = new JsonFactory();

  private final LoggedRun run;

  private JsonParameters(LoggedRun run) {
    this.run = run;
  }

  /** Reads the value at hand. */
  static void read(String name, JsonParser in, LoggedRun run) throws IOException {
    new JsonLeaves(".", new JsonParameters(run)).walk(name, in);
  }

  @Override
  public void scalar(String name, JsonParser at) throws IOException {
    Object value = scalar(at);
    if (value != null && !name.isEmpty()) {
      run.parameter(name, value);
    }
  }

  /** The scalar at hand as a parameter's value; null for what is none. */
  static Object scalar(JsonParser at) throws IOException {
    return switch (at.currentToken()) {
      case VALUE_STRING -> at.getTextLength() <= LONGEST ? at.getText() : null;
      case VALUE_TRUE, VALUE_FALSE -> at.getBooleanValue();
      case VALUE_NUMBER_INT -> {
        boolean isLong = at.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        yield isLong ? (Object) at.getLongValue() : at.getDoubleValue();
      }
      case VALUE_NUMBER_FLOAT -> LogJson.number(at);
      default -> null;
    };
  }

  @Override
  public void array(String name, JsonParser at) throws IOException {
    Clipped text = new Clipped();
    try (JsonGenerator out = TEXT.createGenerator(text)) {
      out.copyCurrentStructure(at);
    }
    if (text.kept.length() <= LONGEST && !name.isEmpty()) {
      run.parameter(name, text.kept.toString());
    }
  }

  /** Keeps no more than it takes to tell that a text is too long. */
  private static final class Clipped extends Writer {
    final StringBuilder kept = new StringBuilder();

    @Override
    public void write(char[] chars, int from, int length) {
      kept.append(chars, from, Math.min(length, LONGEST + 1 - kept.length()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
