package io.stopcast.datasets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stopcast.datasets.family.RunLog;
import io.stopcast.history.Digest;
import io.stopcast.history.History;
import io.stopcast.run.End;
import io.stopcast.run.Run;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A file of runs, one a line, gzip: written, and summed up for the manifest. */
final class HistoryFile {
  static final String ENDING = ".jsonl.gz";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TIME = Pattern.compile(",?\"" + RunLog.CPU_SECONDS + "\":[^,}]*");

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
   * What the manifest says about a file: how much is in it, how its runs end and look, and three hashes. The one of the
   * plain lines holds across versions of the compression library, the one of the results whenever the same runs are
   * trained again.
   */
  static ObjectNode summary(Path file) throws IOException {
    byte[] compressed = Files.readAllBytes(file);
    byte[] plain;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      plain = in.readAllBytes();
    }
    List<Run> all = runs(file);
    TreeSet<String> tasks = new TreeSet<>();
    TreeSet<String> versions = new TreeSet<>();
    Map<String, Integer> ends = new TreeMap<>();
    Map<String, Integer> shapes = new TreeMap<>();
    int points = 0;
    double seconds = 0;
    for (Run run : all) {
      points += run.steps().size();
      seconds += run.steps().get(run.steps().size() - 1).value(RunLog.CPU_SECONDS);
      tasks.add(run.context().task());
      versions.add((String) run.context().parameters().get("code_version"));
      ends.merge(run.end().word(), 1, Integer::sum);
      double[] gains = run.steps().stream().mapToDouble(run.context().objective()::gain).toArray();
      shapes.merge(RunShape.of(gains, run.end() == End.DIVERGED).label(), 1, Integer::sum);
    }
    Hardness hardness = Hardness.of(all);
    ObjectNode summary = JSON.createObjectNode();
    summary.put("file", file.getFileName().toString());
    summary.put("runs", all.size());
    summary.put("tasks", tasks.size());
    summary.put("points", points);
    summary.put("cpu_seconds", Math.rint(seconds));
    summary.put("bytes", compressed.length);
    summary.put("sha256", Digest.hex(compressed));
    summary.put("sha256_of_lines", Digest.hex(plain));
    summary.put("sha256_of_results", Digest.hex(withoutTimes(new String(plain, UTF_8)).getBytes(UTF_8)));
    summary.put("code_version", String.join(" ", versions));
    summary.set("ends", JSON.valueToTree(ends));
    summary.set("shapes", JSON.valueToTree(shapes));
    summary.putObject("patience_5")
        .put("share_missed_over_1_percent", rounded(hardness.missed()))
        .put("share_of_points_used", rounded(hardness.used()))
        .put("share_of_points_to_best", rounded(hardness.oracle()));
    return summary;
  }

  /** The lines without the processor time in them: what is the same whenever the same runs are trained again. */
  static String withoutTimes(String lines) {
    return TIME.matcher(lines).replaceAll("");
  }

  static List<Run> runs(Path file) throws IOException {
    return History.read(List.of(file), History.Options.STRICT).runs();
  }

  private static double rounded(double share) {
    return Math.rint(share * 1000) / 1000;
  }
}
