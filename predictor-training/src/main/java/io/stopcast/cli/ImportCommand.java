package io.stopcast.cli;

import io.stopcast.history.Store;
import io.stopcast.importing.Duplicates;
import io.stopcast.importing.ImportReport;
import io.stopcast.importing.Importer;
import io.stopcast.run.End;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads the logs of other tools into a store. */
@Command(
    name = "import",
    description = {
      "Reads logs where they lie (MLflow, TensorBoard, W&B, Hugging Face, Optuna, CSV, JSON lines ...) into a store of runs.",
      "Importing again replaces what has changed; nothing is ever doubled."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private static final int UNKNOWN_SHOWN = 10;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Log files, folders to look through, or jdbc:postgresql:... for MLflow's server.")
  private List<String> paths;

  @Option(names = "--into", paramLabel = "DIR", description = "The store. Default: ${DEFAULT-VALUE} in the current folder.")
  private Path into = Path.of("history");

  @Option(names = "--format", paramLabel = "F", description = "Look for this format alone, instead of telling by content.")
  private String format;

  @Option(
      names = "--objective",
      paramLabel = "METRIC:min|max",
      description = "What all runs are judged by. Default: what the log says, or else a guess, which is told.")
  private String objective;

  @Option(names = "--task", paramLabel = "PARAM", description = "The parameter whose value is a run's task.")
  private String task;

  @Option(names = "--source", paramLabel = "NAME", description = "Where the runs come from. Default: the format's name.")
  private String source;

  @Option(
      names = "--duplicates",
      paramLabel = "last|first|purge",
      description = "Which of several values at one step counts. Default: the rule of the tool that wrote the log.")
  private String duplicates;

  @Option(
      names = "--end",
      paramLabel = "END",
      description = "How runs ended of which the log does not tell: completed, aborted ... Default: unknown, which is not scored.")
  private String end;

  @Option(
      names = "--since",
      paramLabel = "last|DATE",
      description = "Read only what has changed: since it was imported last, or since a date such as 2026-11-01.")
  private String since;

  @Option(names = "--dry-run", description = "Read and report, but write nothing.")
  private boolean dryRun;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    boolean sinceLast = "last".equals(since);
    Importer importer =
        new Importer(
            Store.in(into),
            new Importer.Wishes(
                Optional.ofNullable(format),
                HistoryOptions.objective(objective),
                Optional.ofNullable(task),
                Optional.ofNullable(source),
                rule(),
                end(),
                since == null || sinceLast ? Optional.empty() : Optional.of(date()),
                sinceLast));
    ImportReport report = importer.run(paths, !dryRun);
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      JsonOption.print(out, asMap(report));
    } else {
      print(out, report);
    }
    return report.isIncomplete() ? Stopcast.BAD_DATA : Stopcast.OK;
  }

  private Optional<Duplicates> rule() throws WrongUsageException {
    if (duplicates == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (duplicates) {
          case "last" -> Duplicates.LAST;
          case "first" -> Duplicates.FIRST;
          case "purge" -> Duplicates.PURGE_AFTER_RESTART;
          default -> throw new WrongUsageException("--duplicates is last, first or purge, but was '%s'".formatted(duplicates));
        });
  }

  private Optional<End> end() throws WrongUsageException {
    if (end == null) {
      return Optional.empty();
    }
    for (End known : End.values()) {
      if (known.word().equals(end)) {
        return Optional.of(known);
      }
    }
    throw new WrongUsageException(
        "--end needs the way that runs ended, such as completed, early_stopped or aborted, but was '%s'".formatted(end));
  }

  private Instant date() throws WrongUsageException {
    try {
      return since.length() == 10 ? LocalDate.parse(since).atStartOfDay(ZoneOffset.UTC).toInstant() : Instant.parse(since);
    } catch (DateTimeParseException e) {
      throw new WrongUsageException(
          "--since is 'last', or a date such as 2026-11-01 or 2026-11-01T12:00:00Z, but was '%s'".formatted(since));
    }
  }

  private void print(PrintWriter out, ImportReport report) {
    line(out, "%-18s %6s %10s  %s", "format", "runs", "values", "place");
    for (ImportReport.Place place : report.places()) {
      line(out, "%-18s %6d %10d  %s", place.format(), place.runs(), place.values(), Printable.of(place.path()));
      place.skipped().forEach(why -> line(out, "    left out: %s", Printable.of(why)));
      more(out, place.leftOut() - place.skipped().size(), "left out");
      place.repaired().forEach(what -> line(out, "    mended: %s", Printable.of(what)));
      more(out, place.mended() - place.repaired().size(), "mended");
      place.fault().ifPresent(why -> line(out, "    stopped here: %s", Printable.of(why)));
    }
    if (!report.unknown().isEmpty()) {
      line(out, "");
      line(out, "%d files are no logs that any reader knows:", report.unknown().size());
      report.unknown().stream().limit(UNKNOWN_SHOWN).forEach(path -> line(out, "    %s", Printable.of(path.toString())));
      more(out, report.unknown().size() - UNKNOWN_SHOWN, "not known");
    }
    if (!report.tasks().isEmpty()) {
      line(out, "");
      line(out, "%-56s %6s %8s %8s  %s", "task", "runs", "median", "longest", "judged by; ends");
    }
    for (ImportReport.Task of : report.tasks()) {
      line(
          out,
          "%-56s %6d %8d %8d  %s%s; %s",
          Printable.of(of.source() + " / " + of.task()),
          of.runs(),
          of.medianPoints(),
          of.mostPoints(),
          Printable.of(of.objective()),
          of.guessed() ? " (guessed)" : "",
          of.ends());
      of.warnings().forEach(warning -> line(out, "    warning: %s", warning));
    }
    line(out, "");
    report.notes().forEach(note -> line(out, "note: %s", Printable.of(note)));
    line(
        out,
        "%d runs of %d tasks read from %d places: %d new, %d replaced, %d as they were",
        report.runs(),
        report.tasks().size(),
        report.places().size(),
        report.runs() - report.unchanged() - report.replaced(),
        report.replaced(),
        report.unchanged());
    line(out, "%s", outcome(report));
  }

  private String outcome(ImportReport report) {
    if (dryRun) {
      return "a dry run: nothing was written";
    }
    return report
        .written()
        .map(file -> "written to " + file + "; use it with --history " + into)
        .orElse("nothing is new: " + into + " stays as it is");
  }

  private static void more(PrintWriter out, long count, String what) {
    if (count > 0) {
      line(out, "    ... and %d more %s", count, what);
    }
  }

  private Map<String, Object> asMap(ImportReport report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("runs", report.runs());
    map.put("new", report.runs() - report.unchanged() - report.replaced());
    map.put("replaced", report.replaced());
    map.put("unchanged", report.unchanged());
    map.put("incomplete", report.isIncomplete());
    map.put("dry_run", dryRun);
    map.put("store", into.toString());
    map.put("written", report.written().map(Path::toString).orElse(null));
    map.put("places", report.places().stream().map(ImportCommand::asMap).toList());
    map.put("unknown", report.unknown().stream().map(Path::toString).toList());
    map.put("tasks", report.tasks());
    map.put("notes", report.notes());
    return map;
  }

  private static Map<String, Object> asMap(ImportReport.Place place) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("path", place.path());
    map.put("format", place.format());
    map.put("runs", place.runs());
    map.put("values", place.values());
    map.put("skipped", place.skipped());
    map.put("skipped_count", place.leftOut());
    map.put("repaired", place.repaired());
    map.put("repaired_count", place.mended());
    map.put("fault", place.fault().orElse(null));
    return map;
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
