package io.stopcast.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How fast runs are read from JSON lines, beside how fast Jackson walks over the tokens of the same file.
 *
 * <p>Give files, or none to have one made. After {@code mvn -q test-compile}, with the libraries in {@code LIBS} ({@code mvn
 * dependency:build-classpath}): {@code java -cp
 * predictor-runtime/target/classes:predictor-training/target/classes:predictor-training/target/test-classes:$LIBS
 * io.stopcast.history.JsonLinesBenchmark [FILE...]}
 */
final class JsonLinesBenchmark {
  private static final int ROUNDS = 15;
  private static final JsonFactory PLAIN =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private JsonLinesBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path made = args.length == 0 ? write(Files.createTempFile("runs", ".jsonl")) : null;
    try {
      for (Path file : made == null ? Arrays.stream(args).map(Path::of).toList() : List.of(made)) {
        measure(file);
      }
    } finally {
      if (made != null) {
        Files.delete(made);
      }
    }
  }

  private static void measure(Path file) throws IOException {
    double walked = 0;
    double parsed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      // In turns, and the best of each: a machine that is busy for a while slows either.
      walked = Math.max(walked, walk(file));
      parsed = Math.max(parsed, parse(file));
    }
    System.out.printf(
        Locale.ROOT,
        "%s: tokens alone %.1f million/s, runs %.1f million/s, which is %.0f %%%n",
        file.getFileName(), walked / 1e6, parsed / 1e6, 100 * parsed / walked);
  }

  /** Tokens a second when nothing is done with them. */
  private static double walk(Path file) throws IOException {
    long start = System.nanoTime();
    long tokens = tokens(file);
    return tokens * 1e9 / (System.nanoTime() - start);
  }

  private static double parse(Path file) throws IOException {
    long steps = 0;
    JsonRunParser parser = new JsonRunParser();
    long start = System.nanoTime();
    try (Lines lines = Lines.open(file)) {
      while (lines.advance()) {
        steps += parser.parse(lines.bytes(), lines.length()).steps().size();
      }
    }
    long nanos = System.nanoTime() - start;
    if (steps == 0) {
      throw new IOException(file + " holds no steps");
    }
    return tokens(file) * 1e9 / nanos;
  }

  private static long tokens(Path file) throws IOException {
    long tokens = 0;
    try (Lines lines = Lines.open(file)) {
      while (lines.advance()) {
        try (JsonParser in = PLAIN.createParser(lines.bytes(), 0, lines.length())) {
          while (in.nextToken() != null) {
            tokens++;
          }
        }
      }
    }
    return tokens;
  }

  private static Path write(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (var out = Files.newBufferedWriter(file)) {
      for (int run = 0; run < 1000; run++) {
        out.write(
            ("{\"source\":\"s\",\"task\":\"t\",\"run\":\"r%d\",\"context\":{\"lr\":0.1},\"objective\":{\"name\":\"val_loss\","
                    + "\"goal\":\"min\"},\"end\":\"completed\",\"planned\":300,\"cost_unit\":\"samples\",\"steps\":[")
                .formatted(run));
        for (int step = 1; step <= 300; step++) {
          out.write(
              "%s{\"step\":%d,\"cost\":%d,\"values\":{\"val_loss\":%s,\"train_loss\":%s,\"learning_rate\":%s}}"
                  .formatted(
                      step == 1 ? "" : ",", step, 60_000L * step, random.nextDouble(), random.nextDouble(), 1e-3 / step));
        }
        out.write("]}\n");
      }
    }
    return file;
  }
}
