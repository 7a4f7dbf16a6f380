package io.stopcast.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A file of runs, one a line, gzip: written, and summed up for the manifest. */
final class HistoryFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HistoryFile() {}

  /** Writes the lines, in their order; the file is there whole or not at all. The same lines give the same bytes. */
  static void write(Path file, List<byte[]> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // Java's gzip header carries no time.
    try (OutputStream out =
        new GZIPOutputStream(bytes, 1 << 16) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      for (byte[] line : lines) {
        out.write(line);
      }
    }
    replace(file, bytes.toByteArray());
  }

  static void replace(Path file, byte[] content) throws IOException {
    Path half = file.resolveSibling(file.getFileName() + ".half");
    Files.write(half, content);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * What the manifest says about a file: how much is in it, how its runs end and look, and two hashes. The one of the
   * plain lines holds across versions of the compression library.
   */
  static ObjectNode summary(Path file) throws IOException {
    byte[] compressed = Files.readAllBytes(file);
    byte[] plain;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      plain = in.readAllBytes();
    }
    TreeSet<String> tasks = new TreeSet<>();
    TreeSet<String> versions = new TreeSet<>();
    Map<String, Integer> ends = new TreeMap<>();
    Map<String, Integer> shapes = new TreeMap<>();
    int runs = 0;
    int points = 0;
    try (var lines = JSON.readerFor(JsonNode.class).<JsonNode>readValues(plain)) {
      while (lines.hasNextValue()) {
        JsonNode run = lines.nextValue();
        runs++;
        points += run.get("steps").size();
        tasks.add(run.get("task").asText());
        versions.add(run.get("context").get("code_version").asText());
        ends.merge(run.get("end").asText(), 1, Integer::sum);
        shapes.merge(shape(run).label(), 1, Integer::sum);
      }
    }
    ObjectNode summary = JSON.createObjectNode();
    summary.put("file", file.getFileName().toString());
    summary.put("runs", runs);
    summary.put("tasks", tasks.size());
    summary.put("points", points);
    summary.put("bytes", compressed.length);
    summary.put("sha256", sha256(compressed));
    summary.put("sha256_of_lines", sha256(plain));
    summary.put("code_version", String.join(" ", versions));
    summary.set("ends", JSON.valueToTree(ends));
    summary.set("shapes", JSON.valueToTree(shapes));
    return summary;
  }

  private static RunShape shape(JsonNode run) {
    String objective = run.get("objective").get("name").asText();
    int sign = run.get("objective").get("goal").asText().equals("max") ? 1 : -1;
    JsonNode steps = run.get("steps");
    double[] gains = new double[steps.size()];
    for (int i = 0; i < gains.length; i++) {
      JsonNode value = steps.get(i).get("values").get(objective);
      gains[i] = value == null ? Double.NaN : sign * value.asDouble();
    }
    return RunShape.of(gains, run.get("end").asText().equals("diverged"));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256, but this one has not", e);
    }
  }
}
