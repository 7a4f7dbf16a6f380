package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.replay.Part;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.report.ResultsJson;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges the learned policy and all rules on held-out runs. */
@Command(
    name = "evaluate",
    description = "The whole protocol: what a model trained on this history would save and lose on runs that it has not seen,"
        + " beside every rule tuned on the same runs.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private HistoryOptions history;
  @Mixin private LearningOptions learning;
  @Mixin private JudgingOptions judging;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = "all, or development: the four fifths of the runs, by a hash of their names, on which recipes may be"
          + " compared. Default: ${DEFAULT-VALUE}.",
      defaultValue = "all")
  private String part;

  private Part part() throws WrongUsageException {
    try {
      return Part.of(part);
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(e.getMessage());
    }
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    History read = history.read(err);
    List<ScoredRun> runs = part().of(HistoryOptions.scored(read));
    PrintWriter tables = json.isOn() ? err : out;
    tables.printf("%,d runs read, %,d can be scored%n%n", read.runs().size(), runs.size());
    List<Results> results = judging.judge(runs, learning.recipe(runs), tables, err);
    if (results.isEmpty()) {
      throw new ImportException("the history is too small to be judged; bring more runs, or ask for fewer --folds");
    }
    if (json.isOn()) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("runs", read.runs().size());
      all.put("scored", runs.size());
      all.put("history_sha256", read.sha256());
      all.put("results", results.stream().flatMap(r -> ResultsJson.of(r).stream()).toList());
      JsonOption.print(out, all);
    }
    return Stopcast.OK;
  }
}
