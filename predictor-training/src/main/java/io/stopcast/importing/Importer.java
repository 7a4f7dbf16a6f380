package io.stopcast.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import io.stopcast.history.Store;
import io.stopcast.history.TaskId;
import io.stopcast.importing.Assembly.LoggedCurve;
import io.stopcast.importing.Assembly.SettledRun;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings logs into a store: finds them, has them read into a database, settles there what every run is judged by and costs, and publishes
 * the runs that are new or changed as one file. The heap holds what is known of runs, not their values.
 */
public final class Importer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TOLD = 5;

  private final Store store;
  private final Wishes wishes;
  private final List<LogReader> readers;
  private final List<ImportReport.Place> places = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * What the user says instead of the logs.
   *
   * @param format the only format to be looked for
   * @param objective what all runs are judged by
   * @param taskParameter the parameter whose value is a run's task
   * @param source the name of where the runs come from; else that of the format
   * @param duplicates which of several values at one step counts; else the rule of the tool that wrote the log
   * @param end how runs ended of which the log does not tell
   * @param since what was not changed after this time is left alone
   * @param onlyChanged what is as it was when it was imported last is left alone
   */
  public record Wishes(
      Optional<String> format,
      Optional<Objective> objective,
      Optional<String> taskParameter,
      Optional<String> source,
      Optional<Duplicates> duplicates,
      Optional<End> end,
      Optional<Instant> since,
      boolean onlyChanged) {
    public static final Wishes NONE =
        new Wishes(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);
  }

  public Importer(Store store, Wishes wishes) throws ImportException {
    this(store, wishes, asked(wishes));
  }

  /** @param readers those that are asked, in this order */
  Importer(Store store, Wishes wishes, List<LogReader> readers) {
    this.store = store;
    this.wishes = wishes;
    this.readers = readers;
  }

  private static List<LogReader> asked(Wishes wishes) throws ImportException {
    if (wishes.format.isEmpty()) {
      return LogReaders.ALL;
    }
    String format = wishes.format.get();
    return List.of(
        LogReaders.named(format)
            .orElseThrow(
                () -> new ImportException("there is no format %s; there are %s".formatted(Quoted.of(format), formats()))));
  }

  /** The names of all formats. */
  public static List<String> formats() {
    return LogReaders.ALL.stream().map(LogReader::format).toList();
  }

  /**
   * Reads everything below the paths.
   *
   * @param from files, folders, or the address of MLflow's database as {@code jdbc:postgresql:...}
   * @param publish whether the runs go into the store; without, everything else happens all the same
   * @throws ImportException if there is nothing that any reader knows
   */
  public ImportReport run(List<String> from, boolean publish) throws IOException {
    Places found = new Places(readers);
    List<MlflowServer> servers = from.stream().filter(MlflowServer::isUrl).map(MlflowServer::new).toList();
    for (Path path : from.stream().filter(place -> !MlflowServer.isUrl(place)).map(Path::of).toList()) {
      if (!Files.exists(path)) {
        throw new ImportException("%s does not exist; give files or folders that hold logs".formatted(path));
      }
      found.look(path);
    }
    notes.addAll(found.failures());
    if (found.found().isEmpty() && servers.isEmpty()) {
      throw new ImportException(
          "nothing in %s is a log that any reader knows (%d files looked at); formats are %s"
              .formatted(from, found.unknown().size(), formats()));
    }
    Path scratch = publish ? store.folder() : Files.createTempDirectory("stopcast-import");
    try (Store.Workplace work = Store.in(scratch).workplace()) {
      try (Staging staging = new Staging(work.path())) {
        Map<String, List<Long>> known = wishes.onlyChanged ? store.origins() : Map.of();
        for (Places.Found log : found.found()) {
          read(log, staging, known);
        }
        for (MlflowServer server : servers) {
          PlaceSink sink = new PlaceSink(staging, new Origin(server.name(), MlflowServer.FORMAT, 0, 0), Duplicates.LAST);
          take(sink, () -> server.read(sink));
        }
        return settle(staging, work, publish, found.unknown());
      } catch (SQLException e) {
        throw Staging.failed(e);
      }
    } finally {
      if (!publish) {
        Files.deleteIfExists(scratch);
      }
    }
  }

  private void read(Places.Found log, Staging staging, Map<String, List<Long>> known) throws IOException {
    Path path = log.place().path();
    Origin origin;
    try {
      origin = Origin.of(path, log.reader().format());
    } catch (IOException | UncheckedIOException e) {
      places.add(
          new ImportReport.Place(
              path.toString(), log.reader().format(), 0, 0, List.of(), 0, List.of(), 0, Optional.of("cannot be read: " + e)));
      return;
    }
    if (!isPassedOver(origin, known)) {
      PlaceSink sink = new PlaceSink(staging, origin, log.reader().duplicates());
      take(sink, () -> log.reader().read(log.place(), sink));
    }
  }

  /** Whether the user wants only what has changed, and this has not. */
  private boolean isPassedOver(Origin origin, Map<String, List<Long>> known) {
    boolean asBefore = List.of(origin.bytes(), origin.millis()).equals(known.get(origin.place()));
    boolean tooOld = wishes.since.isPresent() && Instant.ofEpochMilli(origin.millis()).isBefore(wishes.since.get());
    if (asBefore || tooOld) {
      notes.add("%s was left alone: not changed since %s".formatted(origin.place(), tooOld ? wishes.since.get() : "it was imported"));
    }
    return asBefore || tooOld;
  }

  /** Reading one place. */
  private interface Reading {
    void go() throws IOException;
  }

  private void take(PlaceSink sink, Reading reading) throws IOException {
    Optional<String> fault = Optional.empty();
    try {
      reading.go();
    } catch (ImportException e) {
      fault = Optional.of(e.getMessage());
    } catch (StagingException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // one place must not cost the others their runs
      fault = Optional.of("%s could not be read any further: %s".formatted(sink.origin.place(), e));
    }
    places.add(
        new ImportReport.Place(
            sink.origin.place(),
            sink.origin.format(),
            sink.runs.size(),
            sink.runs.values().stream().mapToLong(run -> run.values).sum(),
            sink.skipped,
            sink.leftOut,
            sink.repaired,
            sink.mended,
            fault));
  }

  /** Takes what one place holds. */
  private final class PlaceSink implements LogSink {
    final Map<String, StagedRun> runs = new HashMap<>();
    final List<String> skipped = new ArrayList<>();
    final List<String> repaired = new ArrayList<>();
    long leftOut;
    long mended;
    private final Staging staging;
    private final Origin origin;
    private final Duplicates rule;

    PlaceSink(Staging staging, Origin origin, Duplicates rule) {
      this.staging = staging;
      this.origin = origin;
      this.rule = wishes.duplicates.orElse(rule);
    }

    @Override
    public LoggedRun run(String task, String run) {
      return run(origin.format(), task, run);
    }

    @Override
    public LoggedRun run(String source, String task, String run) {
      String said = wishes.source.orElse(source);
      return runs.computeIfAbsent(
          Store.key(said, task, run),
          key -> staging.start(origin, rule, said, task, run));
    }

    @Override
    public void skipped(String where, String why) {
      if (leftOut++ < TOLD) {
        skipped.add(where + ": " + why);
      }
    }

    @Override
    public void repaired(String where, String what) {
      if (mended++ < TOLD) {
        repaired.add(where + ": " + what);
      }
    }
  }

  private ImportReport settle(Staging staging, Store.Workplace work, boolean publish, List<Path> unknown)
      throws SQLException, IOException {
    Assembly assembly = new Assembly(staging.finished());
    Map<Integer, List<LoggedCurve>> curves = new HashMap<>();
    assembly
        .settleDuplicates(staging.runs(), staging.restarts())
        .forEach(curve -> curves.computeIfAbsent(curve.run(), r -> new ArrayList<>()).add(curve));
    Map<TaskId, List<StagedRun>> tasks = new TreeMap<>();
    staging.runs().forEach(this::name);
    for (StagedRun run : withoutDoubles(staging.runs(), curves)) {
      tasks.computeIfAbsent(new TaskId(run.source, run.task), t -> new ArrayList<>()).add(run);
    }
    List<SettledRun> settled = new ArrayList<>();
    List<ImportReport.Task> told = new ArrayList<>();
    for (List<StagedRun> task : tasks.values()) {
      new TaskSettling(task, curves, staging.metrics(), wishes).settle(settled, told, notes);
    }
    Map<Integer, Long> values = new HashMap<>();
    curves.forEach((run, of) -> values.put(run, of.stream().mapToLong(LoggedCurve::length).sum()));
    assembly.assemble(settled, staging.metrics(), values, Instant.now());
    Map<String, String> before = store.digests();
    List<String> wanted = new ArrayList<>();
    int replaced = 0;
    for (Assembly.Row row : assembly.rows()) {
      String old = before.get(row.key());
      if (!row.digest().equals(old)) {
        wanted.add(row.digest());
        replaced += old == null ? 0 : 1;
      }
    }
    Optional<Path> written = Optional.empty();
    if (publish && !wanted.isEmpty()) {
      Path file = work.path().resolve("imported.parquet");
      assembly.write(wanted, file);
      written = Optional.of(work.publish(file));
    }
    return new ImportReport(
        places, unknown, told, settled.size(), settled.size() - wanted.size(), replaced, notes, written);
  }

  /** Of runs that have the same name, those that tell most; copies of a log are common. */
  private List<StagedRun> withoutDoubles(List<StagedRun> runs, Map<Integer, List<LoggedCurve>> curves) throws IOException {
    Map<String, StagedRun> best = new LinkedHashMap<>();
    for (StagedRun run : runs) {
      if (!curves.containsKey(run.number)) {
        notes.add("run %s of %s was left out: it has no values".formatted(Quoted.of(run.name), run.origin.place()));
        continue;
      }
      StagedRun other = best.get(run.key());
      if (other == null || run.values > other.values) {
        best.put(run.key(), run);
      }
      if (other != null) {
        notes.add(
            "run %s of task %s stands in %s and in %s; the one with more values was taken. Give each its own --source to keep both"
                .formatted(Quoted.of(run.name), Quoted.of(run.task), other.origin.place(), run.origin.place()));
      }
    }
    return List.copyOf(best.values());
  }

  private void name(StagedRun run) {
    if (wishes.taskParameter.isPresent()) {
      Object task = run.parameters.get(wishes.taskParameter.get());
      if (task == null) {
        notes.add(
            "run %s has no parameter %s and stays in task %s"
                .formatted(Quoted.of(run.name), Quoted.of(wishes.taskParameter.get()), Quoted.of(run.task)));
      } else {
        run.task = task.toString();
      }
    }
    if (run.end == End.UNKNOWN && wishes.end.isPresent()) {
      run.end = wishes.end.get();
    }
  }

  static String json(Object value) throws IOException {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IOException("cannot be written as JSON: " + value, e);
    }
  }

  static String goal(Objective objective) {
    return objective.direction() == Direction.MAXIMIZE ? "max" : "min";
  }

  /** The labels of a run: what it names as such, and what was measured on test data. */
  static Set<String> labels(StagedRun run, Set<String> metrics) {
    Set<String> labels = new TreeSet<>(run.labels);
    metrics.stream().filter(ObjectiveGuess::isTest).forEach(labels::add);
    labels.retainAll(new HashSet<>(metrics));
    return labels;
  }
}
