package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;

/**
 * JSON as logs hold it: within limits, with Python's bare {@code NaN} and {@code Infinity}.
 *
 * <p>In a line no key may come twice. In a whole document Jackson would have to remember every key for that, which a hostile one has
 * millions of: there its reader looks after the keys that matter.
 */
final class LogJson {
  static final int LONGEST = 64 << 20;

  private static final int MOST_TOKENS_A_LINE = 1 << 20;
  private static final JsonFactory LINES =
      builder(limits().maxTokenCount(MOST_TOKENS_A_LINE)).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final JsonFactory DOCUMENTS = builder(limits()).build();

  private LogJson() {}

  private static StreamReadConstraints.Builder limits() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(64)
        .maxNumberLength(64)
        .maxStringLength(64 << 10)
        .maxNameLength(1 << 10)
        .maxDocumentLength(LONGEST);
  }

  private static JsonFactoryBuilder builder(StreamReadConstraints.Builder limits) {
    return (JsonFactoryBuilder)
        JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(limits.build());
  }

  /** A line, or another small piece. */
  static JsonParser open(byte[] bytes, int from, int to) throws IOException {
    return LINES.createParser(bytes, from, to - from);
  }

  /** A document, which may be large. */
  static JsonParser open(InputStream in) throws IOException {
    return DOCUMENTS.createParser(in);
  }

  /** The number at hand; one that only looks infinite because it is too large for 64 bits is refused. */
  static double number(JsonParser in) throws IOException {
    double value = in.getDoubleValue();
    if (Double.isInfinite(value) && in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT && !in.getText().contains("Inf")) {
      throw new MalformedRecordException("a number that is too large: " + in.getText());
    }
    return value;
  }

  /** What is wrong with JSON that is a line, whose place is known. */
  static String fault(JsonProcessingException e) {
    return fault(e, e.getLocation());
  }

  /** What is wrong with JSON, and where in it. */
  static String fault(JsonProcessingException e, JsonParser in) {
    return fault(e, e.getLocation() == null ? in.currentLocation() : e.getLocation());
  }

  private static String fault(JsonProcessingException e, JsonLocation at) {
    String kind = e instanceof StreamConstraintsException ? "more than is allowed" : "not JSON";
    String place = at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return kind + place + ": " + oneLine(e.getOriginalMessage());
  }

  private static String oneLine(String message) {
    return message == null ? "damaged" : message.lines().findFirst().orElse("damaged");
  }
}
