package io.stopcast.datasets.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.live.GuardedWatch;
import io.stopcast.live.Watcher;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Verb {@code demo}: a real training, watched by the champion before one's eyes. */
@Command(
    name = "demo",
    description = {
      "A minute, no input: a small network is trained here and now, and the champion watches it as it would watch yours.",
      "When it says stop, the training goes on all the same, to show what stopping would have lost."
    },
    mixinStandardHelpOptions = true)
public final class Demo implements Callable<Integer> {
  private static final int EPOCHS = 150;
  private static final long BEFORE_MILLIS = 450;
  private static final long AFTER_MILLIS = 200;
  private static final int PLAIN_EVERY = 10;
  private static final String METRIC = "val_logloss";
  private static final String UP_AND_CLEAR = "\033[%dA\033[J";

  @Option(names = "--fast", description = "As fast as it trains, instead of at a pace that can be followed.")
  private boolean fast;

  @Option(names = "--price", defaultValue = "0.1", paramLabel = "P", description = "What a full run's compute is worth. Default: ${DEFAULT-VALUE}.")
  private double price;

  @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Another training. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The registry. Default: the project's models/.",
      defaultValue = "${sys:stopcast.home:-.}/models")
  private Path models;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** What is known at an epoch. */
  private record Moment(int epoch, double value, double trainLoss, double score, Optional<Outlook> outlook) {
    String shown() {
      return String.format(Locale.ROOT, "epoch %3d of %d  %s %.3f  train_loss %.3f", epoch, EPOCHS, METRIC, value, trainLoss);
    }

    String thought(int best, double bestValue) {
      String thought =
          Double.isNaN(score)
              ? "not judged yet"
              : outlook
                  .map(o -> String.format(Locale.ROOT, "P(stopping is right) %.2f, %.3f more expected", o.probability(), o.gain()))
                  .orElse(String.format(Locale.ROOT, "score %.2f", score));
      return String.format(Locale.ROOT, "best %.3f in epoch %d; %s", bestValue, best, thought);
    }
  }

  @Override
  public Integer call() throws Exception {
    if (!(price > 0) || Double.isInfinite(price)) {
      throw new ParameterException(spec.commandLine(), "--price must be positive, such as 0.1, but was " + price);
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean live = System.console() != null && !json;
    if (!json) {
      out.printf("A network learns to tell three spirals apart, from 240 points of which one in twelve has the wrong name.%n");
      out.printf("The champion is asked after every epoch, at price %s: a full run's compute is worth that much of what there is to gain.%n%n", price);
    }
    Map<String, Object> result = train(out, live);
    if (json) {
      out.println(JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(result));
    } else {
      summary(out, result);
    }
    return CommandLine.ExitCode.OK;
  }

  private Map<String, Object> train(PrintWriter out, boolean live) throws Exception {
    SpiralTraining training = new SpiralTraining(seed);
    RunContext run = RunContext.of(Objective.minimize(METRIC)).withHorizon(Horizon.ofPoints(EPOCHS));
    List<Double> values = new ArrayList<>();
    int best = 0;
    int stop = -1;
    int bestAtStop = 0;
    String reason = "";
    int drawn = 0;
    try (Watcher watcher = Watcher.following(models, "champion", price);
        GuardedWatch watch = watcher.watch(run)) {
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        double trainLoss = training.epoch();
        double value = training.validate();
        values.add(value);
        best = value < values.get(best) ? epoch - 1 : best;
        Decision decision =
            watch.observe(Step.of(epoch, (double) epoch * training.rowsAnEpoch(), Map.of(METRIC, value, "train_loss", trainLoss)));
        boolean stopsHere = stop < 0 && decision.isStop();
        if (stopsHere && decision instanceof Decision.Stop said) {
          stop = epoch - 1;
          bestAtStop = best;
          reason = said.reason();
        }
        Moment moment = new Moment(epoch, value, trainLoss, watch.score(), watch.outlook());
        String thought = moment.thought(best + 1, values.get(best));
        if (live) {
          String verdict = stop < 0 ? "" : Screen.wrapped("STOP in epoch " + (stop + 1) + ": " + reason);
          String frame = Screen.draw(values, EPOCHS, stop) + moment.shown() + "\n" + thought + "\n" + verdict;
          out.print((drawn > 0 ? UP_AND_CLEAR.formatted(drawn) : "") + frame);
          out.flush();
          drawn = (int) frame.lines().count();
        } else if (!json && (stopsHere || epoch % PLAIN_EVERY == 0 || epoch == 1)) {
          out.println(moment.shown() + "  " + thought);
          if (stopsHere) {
            out.printf("STOP in epoch %d: %s%n", epoch, reason);
          }
        }
        pause(stop < 0 ? BEFORE_MILLIS : AFTER_MILLIS);
      }
      watch.close(End.COMPLETED);
    }
    if (live) {
      out.println();
    } else if (!json) {
      out.println();
      out.print(Screen.draw(values, EPOCHS, stop));
    }
    return result(values, stop, bestAtStop, best, reason);
  }

  private void pause(long millis) throws InterruptedException {
    if (!fast) {
      Thread.sleep(millis);
    }
  }

  private Map<String, Object> result(List<Double> values, int stop, int bestAtStop, int best, String reason) {
    double gain = values.get(0) - values.get(best);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("epochs", EPOCHS);
    result.put("price", price);
    result.put("seed", seed);
    result.put("stopped", stop >= 0);
    result.put("stop_epoch", stop >= 0 ? stop + 1 : null);
    result.put("reason", reason);
    result.put("best_at_stop", stop >= 0 ? values.get(bestAtStop) : null);
    result.put("best_at_stop_epoch", stop >= 0 ? bestAtStop + 1 : null);
    result.put("best", values.get(best));
    result.put("best_epoch", best + 1);
    result.put("saved", stop >= 0 ? 1 - (stop + 1.0) / EPOCHS : 0);
    result.put("given_up", stop >= 0 && gain > 0 ? (values.get(bestAtStop) - values.get(best)) / gain : 0);
    result.put("values", values);
    return result;
  }

  private static void summary(PrintWriter out, Map<String, Object> result) throws IOException {
    if (!(boolean) result.get("stopped")) {
      out.printf("It was never stopped. The best value came in epoch %s of %s.%n", result.get("best_epoch"), result.get("epochs"));
      return;
    }
    out.printf(
        Locale.ROOT,
        "Stopped in epoch %s of %s: %.0f %% of the compute saved. Best until then %.4f, in epoch %s; of the whole run %.4f, in epoch %s:%n"
            + "%.1f %% of what the run had to gain would have been given up. ('|' is the stop, 'o' the best value, '.' what came after the stop.)%n",
        result.get("stop_epoch"),
        result.get("epochs"),
        100 * (double) result.get("saved"),
        result.get("best_at_stop"),
        result.get("best_at_stop_epoch"),
        result.get("best"),
        result.get("best_epoch"),
        100 * (double) result.get("given_up"));
    out.println("Yours next: docs/start.md.");
  }
}
