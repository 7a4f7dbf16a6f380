package io.stopcast.cli;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** For programs: the result as one JSON object on standard output, everything else on standard error. */
final class JsonOption {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean on;

  boolean isOn() {
    return on;
  }

  static void print(PrintWriter out, Object result) throws IOException {
    out.println(JSON.writeValueAsString(result));
  }
}
