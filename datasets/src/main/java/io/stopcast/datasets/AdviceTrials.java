package io.stopcast.datasets;

import io.stopcast.datasets.family.TableTrials;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Tables;
import io.stopcast.datasets.trial.TrialProvider;
import io.stopcast.datasets.trial.TrialTask;
import io.stopcast.model.ModelFile;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains for real what replay cannot judge: runs that are changed on advice, beside others from the same seeds. */
@Command(
    name = "advice",
    sortOptions = false,
    description = "Trains tasks under a fixed schedule and on advice, keeps the runs and prints what they came to.",
    footer = {"", "Exit status: 0 done, 1 failed (no package manager, no data, no model), 2 wrong use."})
public final class AdviceTrials implements Callable<Integer> {
  private static final String FILE = "advice" + HistoryFile.ENDING;

  @Spec private CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the runs go, as " + FILE + ".")
  private Path out;

  @Option(names = "--seeds", defaultValue = "10", paramLabel = "N", description = "How many trainings of each kind. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(names = "--task", split = ",", paramLabel = "NAME", description = "Which tasks. Default: all that are on the class path.")
  private Set<String> names = new TreeSet<>();

  @Option(names = "--model", defaultValue = ModelRegistry.CHAMPION, paramLabel = "M", description = "Who stops. Default: ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--models",
      defaultValue = "${sys:stopcast.home:-.}/models",
      paramLabel = "DIR",
      description = "The registry. Default: ${DEFAULT-VALUE}.")
  private Path models;

  @Option(
      names = "--data-cache",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.cache/stopcast/packages",
      description = "Where fetched packages lie unpacked. Default: ${DEFAULT-VALUE}.")
  private Path dataCache;

  @Option(names = "--read", description = "Train nothing: print what the runs that lie there came to.")
  private boolean read;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean help;

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new AdviceTrials());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (!(e instanceof IOException || e instanceof IllegalArgumentException)) {
            throw e;
          }
          command.getErr().println("stopcast advice: " + e.getMessage());
          return CommandLine.ExitCode.SOFTWARE;
        });
    return line;
  }

  @Override
  public Integer call() throws Exception {
    if (seeds < 1) {
      throw new ParameterException(spec.commandLine(), "--seeds must be at least 1, but was " + seeds);
    }
    if (!read) {
      train();
    }
    PrintWriter text = spec.commandLine().getOut();
    text.print(new AdviceTable(HistoryFile.runs(out.resolve(FILE))).markdown());
    text.flush();
    return CommandLine.ExitCode.OK;
  }

  private void train() throws Exception {
    ModelFile file = ModelRegistry.find(model, models);
    List<TrialTask> tasks = chosen();
    Files.createDirectories(out);
    List<byte[]> lines = new ArrayList<>();
    for (TrialTask task : tasks) {
      long start = System.nanoTime();
      for (int seed = 1; seed <= seeds; seed++) {
        for (Run run : trainings(task, seed, file)) {
          lines.add(RunWriter.line(run));
        }
      }
      spec.commandLine().getErr().printf("%s: %d s%n", task.name(), (System.nanoTime() - start) / 1_000_000_000);
      spec.commandLine().getErr().flush();
      HistoryFile.write(out.resolve(FILE), lines); // so that what was trained is there if a later task fails
    }
  }

  /** All arms from one seed. */
  static List<Run> trainings(TrialTask task, int seed, ModelFile model) throws IOException {
    List<Run> runs = new ArrayList<>();
    Run constant = null;
    for (AdviceArm arm : AdviceArm.values()) {
      for (double price : arm.hasPrice() ? AdviceTable.PRICES : new double[] {AdviceTable.PRICES[0]}) {
        AdviceTraining training = new AdviceTraining(task, seed, arm, price);
        Run run = arm == AdviceArm.LEARNED ? training.replayed(model, constant) : training.train(model);
        constant = arm == AdviceArm.CONSTANT ? run : constant;
        runs.add(run);
      }
    }
    return runs;
  }

  private List<TrialTask> chosen() throws IOException {
    DebianPackages packages = new DebianPackages(dataCache.toAbsolutePath());
    Tables tables = new Tables(packages);
    List<TrialTask> tasks = new ArrayList<>(TableTrials.all(tables));
    for (TrialProvider provider : ServiceLoader.load(TrialProvider.class)) {
      tasks.addAll(provider.tasks(packages, tables));
    }
    tasks.sort(Comparator.comparing(TrialTask::name));
    List<String> known = tasks.stream().map(TrialTask::name).collect(Collectors.toList());
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ParameterException(spec.commandLine(), "there is no task '%s' here, but %s".formatted(name, known));
      }
    }
    return tasks.stream().filter(task -> names.isEmpty() || names.contains(task.name())).toList();
  }
}
