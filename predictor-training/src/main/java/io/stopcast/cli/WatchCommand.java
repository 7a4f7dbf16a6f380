package io.stopcast.cli;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.history.LiveLine;
import io.stopcast.history.LiveLines;
import io.stopcast.model.ModelFile;
import io.stopcast.policy.Advice;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.ReduceOnPlateau;
import io.stopcast.policy.StopPolicy;
import io.stopcast.registry.ModelRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Decides about live runs for any trainer that can write to a pipe. */
@Command(
    name = "watch",
    description = {
      "Should it stop now?",
      "Reads JSON lines from standard input: first what is known of the run, such as"
          + " {\"objective\":{\"name\":\"val_loss\",\"goal\":\"min\"},\"planned\":100}, and whatever else the line of a recorded"
          + " run says of it (run, task, source, context, planned_cost, cost_unit); then its steps, such as"
          + " {\"step\":1,\"cost\":60000,\"values\":{\"val_loss\":0.41}}.",
      "Answers every step with a line on standard output, at once: {\"step\":1,\"decision\":\"continue\"}; or \"stop\" with"
          + " probability (that stopping is right), expected_gain (of the best value, if it went on), best_step and reason; null"
          + " is unknown. With --advise an answer may say \"continue\" with an object advice: change, here reduce_learning_rate, factor, policy,"
          + " reason; no stop follows while it is tried. A step that is not newer than the last one is answered as that one was, with \"ignored\":true.",
      "Several runs: announce each by its own \"run\" and put it into its steps; without one, a step is of the run announced"
          + " last. Announcing a run again starts it anew. A line that cannot be read is answered by {\"error\":...}; the rest goes on, and the exit code is 4.",
      "Decides as 'replay' does, which calls a stop at the last point none."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
  /** Only ASCII, so that the terminal's or the pipe's encoding does not matter. */
  private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final Double PRICE = .1;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      description = "An alias (champion), a version folder or an .onnx file.")
  private String model;

  @Option(
      names = "--price",
      paramLabel = "P",
      description = "What a full run's compute is worth, in units of what the task has to gain. Default: 0.1, or with a limit that"
          + " the model promises to keep the highest of its prices at which that is certified.")
  private Double price;

  @Mixin private LimitOptions limits;

  @Option(
      names = "--advise",
      paramLabel = "FACTOR",
      description =
          "Ask to multiply the learning rate by this, at most three times: once ten points brought nothing better, and before a stop that is"
              + " right with a probability below 0.8. Default: ask for no change.")
  private Double factor;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Mixin private PolicyOptions policies;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ModelFile file = ModelRegistry.find(model, models);
    Double asked = price == null && limits.limit().isEmpty() ? PRICE : price;
    LearnedPolicy policy = limits.policy(file, asked);
    return answer(System.in, advised(policies.of(file, policy)), spec.commandLine().getOut());
  }

  private StopPolicy advised(StopPolicy policy) throws WrongUsageException {
    if (factor == null) {
      return policy;
    }
    try {
      return policy.advised(new ReduceOnPlateau(factor, 10)).unlessCertain(0.8, new Advice.ReduceLearningRate(factor));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException("--advise: " + e.getMessage());
    }
  }

  /** Answers until the stream ends; returns the exit code. */
  static int answer(InputStream in, StopPolicy policy, PrintWriter out) throws IOException {
    LiveLines<WatchedRun> lines = new LiveLines<>(in, run -> new WatchedRun(run, policy));
    int exit = Stopcast.OK;
    for (Optional<LiveLine<WatchedRun>> line = lines.next(); line.isPresent(); line = lines.next()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      if (line.get() instanceof LiveLine.Report<WatchedRun> report) {
        report.run().ifPresent(run -> answer.put("run", run));
        answer.putAll(report.watching().answer(report.step()));
      } else if (line.get() instanceof LiveLine.Unreadable<WatchedRun> unreadable) {
        answer.put("error", unreadable.message());
        exit = Stopcast.BAD_DATA;
      }
      out.print(JSON.writeValueAsString(answer) + "\n");
      out.flush();
      if (out.checkError()) {
        throw new IOException("nobody reads the answers any more: standard output is closed");
      }
    }
    return exit;
  }
}
