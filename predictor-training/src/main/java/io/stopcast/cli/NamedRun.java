package io.stopcast.cli;

import io.stopcast.history.DecidedRun;
import io.stopcast.history.DecisionLogs;
import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.Store;
import io.stopcast.history.Quoted;
import io.stopcast.importing.Importer;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The one run that a user names, by its name in a history or by a file with its log.
 *
 * @param decided what a decision log says of it, if it comes from one
 */
record NamedRun(Run run, Optional<DecidedRun> decided) {
  private static final int SHOWN = 8;

  /**
   * Finds a run.
   *
   * @param run a file or folder, or else a name, with as much of SOURCE/TASK/ before it as is needed
   * @param name which run of the file, if it holds several
   * @param known the history in which names are looked up
   */
  static NamedRun find(String run, Optional<String> name, History known, PrintWriter err) throws IOException, WrongUsageException {
    Optional<Path> file = file(run);
    if (file.isEmpty()) {
      if (name.isPresent()) {
        throw new WrongUsageException("--run goes with a file, but there is no file " + Quoted.of(run));
      }
      return new NamedRun(one(known.runs(), Run::context, run, "the history"), Optional.empty());
    }
    Path log = file.get();
    if (Files.isRegularFile(log) && DecisionLogs.isOne(log)) {
      DecisionLogs logs = DecisionLogs.read(List.of(log));
      logs.unreadable().forEach(where -> err.printf("%s is no JSON and left out: cut off, perhaps; the rest counts%n", where));
      DecidedRun decided = theOne(logs.runs(), DecidedRun::context, name, log);
      return new NamedRun(decided.run(), Optional.of(decided));
    }
    return new NamedRun(theOne(read(log, err), Run::context, name, log), Optional.empty());
  }

  private static Optional<Path> file(String run) {
    try {
      return Optional.of(Path.of(run)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty(); // a name may have any character
    }
  }

  private static <T> T theOne(List<T> runs, Function<T, RunContext> context, Optional<String> name, Path log)
      throws IOException, WrongUsageException {
    if (name.isPresent()) {
      return one(runs, context, name.get(), log.toString());
    }
    if (runs.size() > 1) {
      throw new WrongUsageException(
          "%s holds %d runs; say which with --run: %s".formatted(log, runs.size(), names(runs, context)));
    }
    return runs.get(0);
  }

  private static <T> T one(List<T> runs, Function<T, RunContext> context, String name, String where) throws IOException, WrongUsageException {
    List<T> found = runs.stream().filter(run -> isCalled(context.apply(run), name)).toList();
    if (found.isEmpty()) {
      throw new IOException(
          "no run is called %s in %s; there are %s. A file with its log will do as well"
              .formatted(Quoted.of(name), where, names(runs, context)));
    }
    if (found.size() > 1) {
      throw new WrongUsageException(
          "%d runs are called %s in %s; put their task before it: %s".formatted(found.size(), Quoted.of(name), where, names(found, context)));
    }
    return found.get(0);
  }

  private static boolean isCalled(RunContext run, String name) {
    String withTask = run.task() + '/' + run.run();
    return name.equals(run.run()) || name.equals(withTask) || name.equals(run.source() + '/' + withTask);
  }

  private static <T> String names(List<T> runs, Function<T, RunContext> context) {
    List<String> names =
        runs.stream().map(context).limit(SHOWN).map(run -> Quoted.of(run.task() + '/' + run.run())).toList();
    return String.join(", ", names) + (runs.size() > SHOWN ? " and " + (runs.size() - SHOWN) + " more" : "");
  }

  /** Reads runs as 'import' does, unless they are in our own form. */
  private static List<Run> read(Path log, PrintWriter err) throws IOException {
    if (Store.isStore(log)) {
      return History.read(List.of(log), History.Options.STRICT).runs();
    }
    Path folder = Files.createTempDirectory("stopcast-explain");
    try {
      Store store = Store.in(folder.resolve("store"));
      new Importer(store, Importer.Wishes.NONE).run(List.of(log.toString()), true).notes().forEach(note -> err.println("note: " + Printable.of(note)));
      List<Run> runs = new ArrayList<>();
      store.read(runs::add);
      if (runs.isEmpty()) {
        throw new ImportException("there is no run in %s; './stopcast import %s --dry-run' says what was left out".formatted(log, log));
      }
      return runs;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
