package io.stopcast.datasets;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.Catalogue;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Table;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
  private static final long NANOS_BETWEEN_REPORTS = 5_000_000_000L;

  /** The families by their letters in the catalogue. */
  enum Letter {
    B(TableFamily::boosting),
    C(TableFamily::linear);

    private final Function<Tables, Family> create;

    Letter(Function<Tables, Family> create) {
      this.create = create;
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "LETTER",
      description = "Which families: ${COMPLETION-CANDIDATES} (boosting, linear). Default: all.")
  private Set<Letter> letters = EnumSet.allOf(Letter.class);

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
    line.setCaseInsensitiveEnumValuesAllowed(true);
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
    Tables tables = new Tables(new DebianPackages(dataCache.toAbsolutePath()));
    List<Family> families = letters.stream().map(letter -> letter.create.apply(tables)).toList();
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
    writeManifest(tables);
    return CommandLine.ExitCode.OK;
  }

  private void list(List<Family> families, WorkFolder folder) {
    PrintWriter text = spec.commandLine().getOut();
    text.printf("%-18s %-16s %s%n", "table", "package", "question");
    for (TableSource source : Catalogue.TABLES) {
      text.printf("%-18s %-16s %s%n", source.name(), source.debianPackage(), source.question());
    }
    for (Family family : families) {
      List<RunPlan> plans = family.plans();
      long finished = plans.stream().filter(plan -> folder.isFinished(family, plan)).count();
      text.printf("%s: %d runs planned, %d finished in %s%n", family.name(), plans.size(), finished, work);
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
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    byte[] line = RunWriter.line(family.train(plan));
    claim.finish(line, (threads.getCurrentThreadCpuTime() - start) / 1e9);
  }

  private void assemble(Family family, WorkFolder folder) throws IOException {
    List<RunPlan> plans = new ArrayList<>(family.plans());
    plans.sort(Comparator.comparing(RunPlan::task).thenComparing(RunPlan::run));
    List<byte[]> lines = new ArrayList<>();
    double seconds = 0;
    for (RunPlan plan : plans) {
      lines.add(folder.line(family, plan));
      seconds += folder.seconds(family, plan);
    }
    Path file = out.resolve(family.name() + ".jsonl.gz");
    HistoryFile.write(file, lines);
    PrintWriter text = spec.commandLine().getOut();
    ObjectNode summary = HistoryFile.summary(file);
    text.printf(
        "%s: %d runs over %d tasks, %d points, %.0f s of processor time, %d bytes, %s%n",
        family.name(),
        summary.get("runs").asInt(),
        summary.get("tasks").asInt(),
        summary.get("points").asInt(),
        seconds,
        summary.get("bytes").asInt(),
        summary.get("shapes"));
    text.flush();
  }

  /** About all histories that lie in the folder, those of families that were not asked for included. */
  private void writeManifest(Tables tables) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode manifest = json.createObjectNode();
    manifest.put("seed", TableFamily.SEED);
    ArrayNode files = manifest.putArray("files");
    try (Stream<Path> entries = Files.list(out)) {
      for (Path file : entries.filter(entry -> entry.toString().endsWith(".jsonl.gz")).sorted().toList()) {
        files.add(HistoryFile.summary(file));
      }
    }
    ArrayNode about = manifest.putArray("tables");
    for (TableSource source : Catalogue.TABLES) {
      Table table = tables.open(source);
      ObjectNode entry = about.addObject();
      entry.put("name", source.name());
      entry.put("package", source.debianPackage());
      entry.put("version", tables.version(source));
      entry.put("rows", table.rows());
      entry.put("features", table.width());
      entry.put("classes", table.classes());
      entry.put("sha256", table.fingerprint());
    }
    byte[] text = (json.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
    HistoryFile.replace(out.resolve("manifest.json"), text);
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
