package io.stopcast.notebook;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.TaskId;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.ScoredRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What lies on a notebook's desk: its history, its models, a place for its plots, and the helpers by which cells use them.
 *
 * <p>The cells run in another virtual machine, which is told by system properties; in Jupyter, where nobody tells it, the desk is the
 * project's: {@code datasets/}, {@code models/} and {@code plots/} below the property {@code stopcast.home}, or below the working
 * directory.
 *
 * @param history files of runs, folders of them, or stores
 * @param models the registry
 * @param plots where plots go; made when the first one is drawn
 */
public record Desk(List<Path> history, Path models, Path plots) {
  private static final String HISTORY = "stopcast.notebook.history";
  private static final String MODELS = "stopcast.notebook.models";
  private static final String PLOTS = "stopcast.notebook.plots";
  private static final String PLOT_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  public Desk {
    history = List.copyOf(history);
  }

  /** As the cells are told. */
  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    properties.put(HISTORY, String.join(File.pathSeparator, history.stream().map(Path::toString).toList()));
    properties.put(MODELS, models.toString());
    properties.put(PLOTS, plots.toString());
    return properties;
  }

  /** The desk of the cells that ask. */
  static Desk here() {
    Path home = Path.of(System.getProperty("stopcast.home", ""));
    String told = System.getProperty(HISTORY, home.resolve("datasets").toString());
    return new Desk(
        Stream.of(told.split(File.pathSeparator)).map(Path::of).toList(),
        Path.of(System.getProperty(MODELS, home.resolve("models").toString())),
        Path.of(System.getProperty(PLOTS, home.resolve("plots").toString())));
  }

  /** Reads the notebook's history. */
  public static History load() throws IOException {
    return History.read(here().history, History.Options.STRICT);
  }

  /** Reads another history: files of runs, folders of them, or stores. */
  public static History load(String... paths) throws IOException {
    return History.read(Arrays.stream(paths).map(Path::of).toList(), History.Options.STRICT);
  }

  /**
   * The runs of a history that can be scored.
   *
   * @throws ImportException if there is none
   */
  public static List<ScoredRun> scored(History history) throws ImportException {
    List<ScoredRun> runs = ScoredRun.of(history.runs());
    if (runs.isEmpty()) {
      throw new ImportException("none of %d runs can be scored; './stopcast history' says why".formatted(history.runs().size()));
    }
    return runs;
  }

  /**
   * Some of the runs, so that a notebook takes seconds: of at most so many tasks, at equal distances through their names, at most so many
   * runs each, drawn by a fixed seed. In the order of tasks. What a run's stop costs stays in units of its whole task.
   */
  public static List<ScoredRun> some(List<ScoredRun> runs, int tasks, int runsPerTask) {
    Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
    runs.forEach(run -> byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run));
    List<List<ScoredRun>> all = List.copyOf(byTask.values());
    List<ScoredRun> some = new ArrayList<>();
    int count = Math.min(tasks, all.size());
    for (int i = 0; i < count; i++) {
      List<ScoredRun> ofTask = new ArrayList<>(all.get((int) ((long) i * all.size() / count)));
      Collections.shuffle(ofTask, new Random(i));
      some.addAll(ofTask.subList(0, Math.min(runsPerTask, ofTask.size())));
    }
    return some;
  }

  /**
   * Reads a model.
   *
   * @param name an alias such as {@code champion}, a version folder or an .onnx file
   */
  public static ModelFile model(String name) throws IOException, ModelRejectedException {
    return ModelRegistry.find(name, here().models);
  }

  /** Begins a table; {@code row} adds to it, {@code print} shows it. */
  public static TextTable table(String... columns) {
    return new TextTable(columns);
  }

  /** Prints a line, formatted as {@link String#format} does, the same in every country. */
  public static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /**
   * Writes charts as an SVG file and prints its path.
   *
   * @param name of the file, without .svg: letters, digits, dots, dashes and underscores
   * @param charts drawn beside each other, three a row
   */
  public static Path plot(String name, Chart... charts) throws IOException {
    if (!name.matches(PLOT_NAME)) {
      throw new IllegalArgumentException("a plot's name has letters, digits, dots, dashes and underscores, but was '" + name + "'");
    }
    if (charts.length == 0) {
      throw new IllegalArgumentException("plot '" + name + "' needs at least one chart, but was given none");
    }
    Path folder = Files.createDirectories(here().plots);
    Path file = folder.resolve(name + ".svg");
    Path draft = folder.resolve(name + ".svg.draft");
    Files.writeString(draft, Chart.svg(List.of(charts)));
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    System.out.println("plot: " + file);
    return file;
  }
}
