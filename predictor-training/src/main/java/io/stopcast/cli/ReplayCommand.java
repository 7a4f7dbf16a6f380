package io.stopcast.cli;

import io.stopcast.history.Curve;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Outlook;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Replay;
import io.stopcast.replay.Stop;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says where a model would have stopped recorded runs. */
@Command(
    name = "replay",
    description = {
      "Where would it have stopped?",
      "Writes a CSV file with a row for every run of the input. stop_step is the trainer's own count at the stop, stop_index"
          + " the point (report of the objective) counted from 1, points how many there are. A run that is not stopped has its"
          + " last step and point there and the reason 'not stopped'."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  /** How many points Java needs to compile what judges them. */
  private static final int COLD = 20_000;

  private static final String HEADER = "source,task,run,stop_step,stop_index,points,score,reason";
  private static final String OUTLOOK_HEADER = ",probability,gain,gain_median,gain_q90,points_to_gain";
  private static final String NO_OUTLOOK = ",,,,,";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      description = "An alias (champion), a version folder or an .onnx file.")
  private String model;

  @Option(
      names = "--price",
      paramLabel = "P",
      description = "What a full run's compute is worth, in units of what the task has to gain, such as 0.1. Needed, unless a limit"
          + " is given that the model promises to keep; then it is the highest of its prices at which that is certified.")
  private Double price;

  @Mixin private LimitOptions limits;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The CSV file to write.")
  private Path out;

  @Option(
      names = "--outlook",
      description = {
        "Add what the model expects of the run at that point: probability that stopping is right, calibrated; gain still to"
            + " come of the best value, in the metric's unit, and its median and .9 quantile; after how many points nothing"
            + " worthwhile is left to come. Empty where unknown."
      })
  private boolean withOutlook;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Parameters(arity = "1..*", paramLabel = "RUNS", description = "Runs as JSON lines: files, or folders of them.")
  private List<Path> runs;

  @Mixin private PolicyOptions policies;
  @Mixin private HistoryOptions history;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ModelFile file = ModelRegistry.find(model, models);
    LearnedPolicy policy = limits.policy(file, price);
    History read = history.read(runs, spec.commandLine().getErr());
    Map<String, Object> summary = write(read, policies.of(file, policy));
    PrintWriter print = spec.commandLine().getOut();
    if (json.isOn()) {
      JsonOption.print(print, summary);
    } else {
      print.println(
          String.format(
              Locale.ROOT,
              "%,d runs, %,d of them stopped; %,d points judged at %,.0f a second on one core (%,.0f once Java is warm);"
                  + " wrote %s",
              summary.get("runs"),
              summary.get("stopped"),
              summary.get("points_judged"),
              summary.get("points_per_second"),
              summary.get("points_per_second_warm"),
              out));
    }
    return Stopcast.OK;
  }

  private Map<String, Object> write(History read, StopPolicy policy) throws IOException {
    Path draft = out.resolveSibling(out.getFileName() + ".draft");
    int stopped = 0;
    long judged = 0;
    long nanos = 0;
    long coldNanos = 0;
    long coldPoints = 0;
    try (BufferedWriter csv = Files.newBufferedWriter(draft);
        Progress progress = Progress.of("replaying", read.runs().size())) {
      csv.write(HEADER + (withOutlook ? OUTLOOK_HEADER : "") + "\n");
      for (Run run : read.runs()) {
        Curve curve = Curve.of(run);
        if (curve.length() == 0) {
          csv.write(name(run) + ",,,0,,never reports its objective" + (withOutlook ? NO_OUTLOOK : "") + "\n");
          continue;
        }
        long start = System.nanoTime();
        Stop stop = Replay.of(policy, run);
        nanos += System.nanoTime() - start;
        judged += stop.point() + 1;
        if (coldNanos == 0 && judged >= COLD) {
          coldNanos = nanos;
          coldPoints = judged;
        }
        stopped += stop.stopped() ? 1 : 0;
        csv.write(
            String.format(
                Locale.ROOT,
                "%s,%d,%d,%d,%.6f,%s%s\n",
                name(run),
                run.steps().get(curve.step()[stop.point()]).index(),
                stop.point() + 1,
                curve.length(),
                stop.score(),
                Printable.csv(stop.reason()),
                withOutlook ? stop.outlook().map(ReplayCommand::columns).orElse(NO_OUTLOOK) : ""));
        progress.step();
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    Files.move(draft, out, StandardCopyOption.REPLACE_EXISTING);
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("runs", read.runs().size());
    summary.put("stopped", stopped);
    summary.put("points_judged", judged);
    summary.put("points_per_second", rate(judged, nanos));
    summary.put("points_per_second_warm", rate(judged - coldPoints, nanos - coldNanos));
    summary.put("out", out.toString());
    return summary;
  }

  private static String columns(Outlook outlook) {
    return Stream.of(
            outlook.probability(), outlook.gain(), outlook.gainMedian(), outlook.gainHigh(), outlook.pointsToGain())
        .map(value -> Double.isNaN(value) ? "," : String.format(Locale.ROOT, ",%.6g", value))
        .collect(Collectors.joining());
  }

  private static double rate(long points, long nanos) {
    return nanos == 0 ? 0 : points * 1e9 / nanos;
  }

  private static String name(Run run) {
    RunContext context = run.context();
    return Printable.csv(context.source()) + ',' + Printable.csv(context.task()) + ',' + Printable.csv(context.run());
  }
}
