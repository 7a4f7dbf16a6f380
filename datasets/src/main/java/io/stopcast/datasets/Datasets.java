package io.stopcast.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stopcast.datasets.control.ControlFamily;
import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.FamilyProvider;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Verb {@code datasets}: trains the run histories that Stopcast ships. */
@Command(
    name = "datasets",
    sortOptions = false,
    description = "Trains the run histories that Stopcast ships.",
    footer = {
      "",
      "Exit status: 0 done, 1 failed (no package manager, no data, disk full), 2 wrong use.",
      "Work that was broken off goes on with --resume; so does work that a second process shares."
    })
public final class Datasets implements Callable<Integer> {
  private static final String MANIFEST = "manifest.json";
  private static final long NANOS_BETWEEN_REPORTS = 5_000_000_000L;

  @Spec private CommandSpec spec;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "LETTER",
      description = "Which families, by their letters in datasets/README.md. Default: all that are on the class path.")
  private Set<String> letters = new TreeSet<>();

  @Option(names = "--resume", description = "Keep runs that are finished in the work folder; share it with others.")
  private boolean resume;

  @Option(
      names = "--data-cache",
      paramLabel = "DIR",
      description = "Where fetched packages lie unpacked. Default: ${DEFAULT-VALUE}.",
      defaultValue = "${sys:user.home}/.cache/stopcast/packages")
  private Path dataCache;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Where finished runs are kept until all are there. Default: ${DEFAULT-VALUE}.",
      defaultValue = "${sys:user.home}/.cache/stopcast/runs")
  private Path work;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the histories and their manifest go. Default: ${DEFAULT-VALUE}.",
      defaultValue = "${sys:stopcast.home:-.}/datasets")
  private Path out;

  @Option(names = "--list", description = "Only list tables, packages and how many runs are planned and finished.")
  private boolean list;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean help;

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Datasets());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (!(e instanceof IOException || e instanceof IllegalArgumentException)) {
            throw e;
          }
          command.getErr().println("stopcast datasets: " + e.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
    return line;
  }

  @Override
  public Integer call() throws IOException {
    DebianPackages packages = new DebianPackages(dataCache.toAbsolutePath());
    Tables tables = new Tables(packages);
    List<Family> families = chosen(families(packages, tables));
    WorkFolder folder = new WorkFolder(work);
    if (list) {
      list(families, folder);
      return CommandLine.ExitCode.OK;
    }
    long finished = folder.finishedRuns();
    if (!resume && finished > 0) {
      throw new ParameterException(
          spec.commandLine(),
          "work folder %s already holds %d finished runs. Add --resume to keep them, or remove it to train all again"
              .formatted(work, finished));
    }
    Files.createDirectories(out);
    for (Family family : families) {
      train(family, folder);
    }
    for (Family family : families) {
      assemble(family, folder);
    }
    printTable(writeManifest(families, tables));
    return CommandLine.ExitCode.OK;
  }

  /** All families that can be trained here. */
  static List<Family> families(DebianPackages packages, Tables tables) {
    List<Family> families = new ArrayList<>(TableFamily.all(tables));
    families.add(new ControlFamily());
    ServiceLoader.load(FamilyProvider.class).forEach(provider -> families.addAll(provider.families(packages)));
    families.sort(Comparator.comparing(Family::letter));
    return families;
  }

  private List<Family> chosen(List<Family> families) {
    List<String> known = families.stream().map(Family::letter).toList();
    Set<String> wanted = letters.stream().map(letter -> letter.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
    for (String letter : wanted) {
      if (!known.contains(letter)) {
        throw new ParameterException(
            spec.commandLine(),
            ("there is no family '%s' here, but %s; those that need a deep-learning engine come with "
                    + "STOPCAST_PROFILES=deep in the environment")
                .formatted(letter, known));
      }
    }
    return families.stream().filter(family -> wanted.isEmpty() || wanted.contains(family.letter())).toList();
  }

  private void list(List<Family> families, WorkFolder folder) {
    PrintWriter text = spec.commandLine().getOut();
    for (Family family : families) {
      List<RunPlan> plans = family.plans();
      long finished = plans.stream().filter(plan -> folder.isFinished(family, plan)).count();
      text.printf(
          "%s %s: %d runs planned, %d finished in %s%n", family.letter(), family.name(), plans.size(), finished, work);
      for (TableSource source : family.tables()) {
        text.printf("  %-18s %-16s %s%n", source.name(), source.debianPackage(), source.question());
      }
    }
    text.flush();
  }

  /** First whatever nobody else is at, then whatever others have left. */
  private void train(Family family, WorkFolder folder) throws IOException {
    List<RunPlan> plans = family.plans();
    Progress progress = new Progress(family.name(), plans.size());
    for (RunPlan plan : plans) {
      if (!folder.isFinished(family, plan)) {
        try (WorkFolder.Claim claim = folder.tryClaim(family, plan)) {
          if (claim != null) {
            trainUnlessFinished(family, plan, claim);
          }
        }
      }
      progress.step();
    }
    for (RunPlan plan : plans) {
      if (!folder.isFinished(family, plan)) {
        try (WorkFolder.Claim claim = folder.claim(family, plan)) {
          trainUnlessFinished(family, plan, claim);
        }
      }
    }
  }

  private static void trainUnlessFinished(Family family, RunPlan plan, WorkFolder.Claim claim) throws IOException {
    if (claim.isFinished()) {
      return;
    }
    claim.finish(RunWriter.line(family.train(plan)));
  }

  private void assemble(Family family, WorkFolder folder) throws IOException {
    List<RunPlan> plans = new ArrayList<>(family.plans());
    plans.sort(Comparator.comparing(RunPlan::task).thenComparing(RunPlan::run));
    List<byte[]> lines = new ArrayList<>();
    for (RunPlan plan : plans) {
      lines.add(folder.line(family, plan));
    }
    HistoryFile.write(out.resolve(family.name() + HistoryFile.ENDING), lines);
  }

  /** About all histories that lie in the folder, those of families that were not asked for included; and a picture. */
  private ObjectNode writeManifest(List<Family> families, Tables tables) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode manifest = json.createObjectNode();
    manifest.put("seed", TableFamily.SEED);
    ArrayNode files = manifest.putArray("files");
    ExampleCurves curves = new ExampleCurves();
    try (Stream<Path> entries = Files.list(out)) {
      for (Path file : entries.filter(entry -> entry.toString().endsWith(HistoryFile.ENDING)).sorted().toList()) {
        files.add(HistoryFile.summary(file));
        curves.add(file.getFileName().toString().replace(HistoryFile.ENDING, ""), HistoryFile.runs(file));
      }
    }
    HistoryFile.replace(out.resolve("curves.svg"), curves.toSvg().getBytes(StandardCharsets.UTF_8));
    ArrayNode about = manifest.putArray("tables");
    describe(families, tables, json).values().forEach(about::add);
    byte[] text = (json.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
    HistoryFile.replace(out.resolve(MANIFEST), text);
    return manifest;
  }

  /** The tables of these families and, as the last manifest had them, of all others. */
  private SortedMap<String, JsonNode> describe(List<Family> families, Tables tables, ObjectMapper json)
      throws IOException {
    SortedMap<String, JsonNode> about = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Path last = out.resolve(MANIFEST);
    if (Files.exists(last)) {
      json.readTree(last.toFile()).path("tables").forEach(entry -> about.put(entry.get("name").asText(), entry));
    }
    for (Family family : families) {
      for (TableSource source : family.tables()) {
        Table table = tables.open(source);
        ObjectNode entry = json.createObjectNode();
        entry.put("name", source.name());
        if (!source.debianPackage().isEmpty()) {
          entry.put("package", source.debianPackage());
          entry.put("version", tables.version(source));
        }
        entry.put("rows", table.rows());
        entry.put("features", table.width());
        entry.put("classes", table.classes());
        entry.put("sha256", table.fingerprint());
        about.put(source.name(), entry);
      }
    }
    return about;
  }

  /** What the manifest says of the histories, for people: in Markdown, for the README. */
  private void printTable(ObjectNode manifest) {
    PrintWriter text = spec.commandLine().getOut();
    text.printf("| history | tasks | runs | points | processor seconds |");
    for (RunShape shape : RunShape.values()) {
      text.printf(" %s |", shape.label().replace('_', ' '));
    }
    text.printf(" missed by patience 5 |%n| --- |%s%n", " --: |".repeat(5 + RunShape.values().length));
    for (JsonNode file : manifest.get("files")) {
      int runs = file.get("runs").asInt();
      text.printf(
          "| `%s` | %d | %,d | %,d | %,.0f |",
          file.get("file").asText(),
          file.get("tasks").asInt(),
          runs,
          file.get("points").asInt(),
          file.get("cpu_seconds").asDouble());
      for (RunShape shape : RunShape.values()) {
        text.printf(" %.0f %% |", 100.0 * file.get("shapes").path(shape.label()).asInt() / runs);
      }
      text.printf(" %.0f %% |%n", 100 * file.get("patience_5").get("share_missed_over_1_percent").asDouble());
    }
    text.flush();
  }

  /** Says now and then how far the work is. */
  private final class Progress {
    private final String what;
    private final int total;
    private final long start = System.nanoTime();
    private long reported = start;
    private int done;

    Progress(String what, int total) {
      this.what = what;
      this.total = total;
    }

    void step() {
      done++;
      long now = System.nanoTime();
      if (done == total || now - reported > NANOS_BETWEEN_REPORTS) {
        reported = now;
        PrintWriter text = spec.commandLine().getErr();
        text.printf("%s: %d of %d runs, %d s%n", what, done, total, (now - start) / 1_000_000_000);
        text.flush();
      }
    }
  }
}
