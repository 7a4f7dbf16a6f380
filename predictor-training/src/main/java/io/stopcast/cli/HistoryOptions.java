package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.Store;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Which runs a verb works on, and how strictly they are read. */
final class HistoryOptions {
  @Option(
      names = "--history",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Runs as JSON lines, plain or gzip: files, or folders of them; or stores. Default: the project's datasets/.")
  private List<Path> paths;

  @Option(names = "--lenient", description = "Skip what cannot be read, count it and say so, instead of failing.")
  private boolean lenient;

  @Option(
      names = "--objective",
      paramLabel = "METRIC:min|max",
      description = "Judge every run by this metric instead of the one that it declares.")
  private String objective;

  /** Whether the user named a history, instead of leaving it at the shipped runs. */
  boolean isGiven() {
    return paths != null;
  }

  History read(PrintWriter err) throws IOException, WrongUsageException {
    return read(paths == null ? List.of(Home.datasets()) : paths, err);
  }

  /** The one store that was given. */
  Store store() throws IOException, WrongUsageException {
    if (paths == null || paths.size() != 1 || !Store.isStore(paths.get(0))) {
      throw new WrongUsageException(
          "--sql needs one store, as in --history DIR --sql ..., but was given %s; './stopcast import' makes stores"
              .formatted(paths == null ? "none" : paths));
    }
    return Store.in(paths.get(0));
  }

  /** Reads the runs at the given places; what was skipped is printed to {@code err}. */
  History read(List<Path> from, PrintWriter err) throws IOException, WrongUsageException {
    Optional<Objective> chosen = objective(objective);
    long bytes = 0;
    for (Path file : History.files(from)) {
      bytes += Files.exists(file) ? Files.size(file) : 0;
    }
    History history;
    try (Progress progress = Progress.of("reading", bytes)) {
      history = History.read(from, new History.Options(lenient, chosen, progress::step));
    }
    if (!history.skipped().isEmpty()) {
      history.skipped().forEach(why -> err.println("skipped: " + why));
      err.printf("skipped %d lines or files in all%n", history.skipped().size());
    }
    if (history.runs().isEmpty()) {
      throw new ImportException("there are no runs in %s; give files or folders that hold some".formatted(from));
    }
    if (chosen.isPresent()) {
      requireReported(history.runs(), chosen.get().metric());
    }
    return history;
  }

  /** Reads runs and keeps those that can be scored, of which there must be some. */
  static List<ScoredRun> scored(History history) throws ImportException {
    List<ScoredRun> runs = ScoredRun.of(history.runs());
    if (runs.isEmpty()) {
      throw new ImportException(
          "none of %d runs can be scored; './stopcast history' says why".formatted(history.runs().size()));
    }
    return runs;
  }

  /**
   * Reads runs and keeps those that can be learned from; some of them can be scored.
   *
   * @param fromStopped whether runs that were stopped are learned from, as far as they show
   */
  static List<ScoredRun> learned(History history, boolean fromStopped) throws ImportException {
    List<ScoredRun> scored = scored(history);
    return fromStopped ? ScoredRun.ofRecords(history.runs()) : scored;
  }

  /** The objective that a user names, if any: {@code val_loss:min}. */
  static Optional<Objective> objective(String objective) throws WrongUsageException {
    if (objective == null) {
      return Optional.empty();
    }
    int colon = objective.lastIndexOf(':');
    String goal = objective.substring(colon + 1);
    if (colon < 1 || !(goal.equals("min") || goal.equals("max"))) {
      throw new WrongUsageException(
          "--objective needs a metric and a goal, such as val_loss:min, but was '%s'".formatted(objective));
    }
    String metric = objective.substring(0, colon);
    return Optional.of(goal.equals("max") ? Objective.maximize(metric) : Objective.minimize(metric));
  }

  private static void requireReported(List<Run> runs, String metric) throws ImportException {
    if (runs.stream().flatMap(run -> run.steps().stream()).noneMatch(step -> step.reports(metric))) {
      TreeSet<String> reported = new TreeSet<>();
      runs.forEach(run -> run.steps().forEach(step -> reported.addAll(step.names())));
      List<String> some = reported.stream().limit(20).toList();
      throw new ImportException(
          "no run reports '%s'; they report %s%s"
              .formatted(metric, some, reported.size() > some.size() ? " and " + (reported.size() - some.size()) + " more" : ""));
    }
  }
}
