package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the README shows of several ideas at once compiles, runs, and stands there as it stands here. */
class AdviceReadmeTest {
  private static final Logger log = Logger.getLogger("advised trainer");

  private final List<Double> rates = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Random random = new Random(3);
  private final double[] weights = new double[20];
  private double tokensAnEpoch = 1e6;
  private final Handler listener =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          said.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.setUseParentHandlers(false);
    log.addHandler(listener);
  }

  @AfterEach
  void leave() {
    log.removeHandler(listener);
  }

  /** Noisy gradient descent towards (1, .., 1): a large rate keeps it jumping around, a small one settles. */
  private double trainOneEpoch(double rate) {
    rates.add(rate);
    for (int update = 0; update < 10; update++) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] += rate * (1 - weights[i] + 2 * random.nextGaussian());
      }
    }
    double error = 0;
    for (double weight : weights) {
      error += (weight - 1) * (weight - 1) / weights.length;
    }
    return 1 / (1 + error);
  }

  private double tokensSeen() {
    return tokensAnEpoch * rates.size();
  }

  private void shown(ModelFile file, double firstRate) {
    double rate = firstRate;
    // from here
    Advice half = new Advice.ReduceLearningRate(0.5);
    StopPolicy fallen = new ReductionThreshold(Drop.relative(0.1).tightening(0.5), 3); // EM below 90 % of its best, at the end 95 %
    StopPolicy slower = new ReductionThreshold(Drop.relative(0.05), 2).advising(half);
    StopPolicy policy =
        fallen.or(LearnedPolicy.of(file, 0.1))
            .advised(slower, new ReduceOnPlateau(0.5, 5)).unlessCertain(0.8, half).within(Bounds.of(4))
            .or(Budget.ofCost(1e9)); // tokens
    StopPolicy.Watch watch = policy.watch(RunContext.of(Objective.maximize("em")).withHorizon(Horizon.ofPoints(100)));
    for (int epoch = 1; epoch <= 100; epoch++) {
      double em = trainOneEpoch(rate);
      Decision decision = watch.observe(Step.of(epoch, tokensSeen(), "em", em));
      if (decision instanceof Decision.Stop stop) {
        log.info(stop.reason());
        break;
      }
      rate *= decision.advice().map(Advice::amount).orElse(1.0);
    }
    // to here
  }

  private static ModelFile champion() throws Exception {
    Path models = Path.of("..", "models");
    String version = Files.readString(models.resolve("champion")).strip();
    return ModelFile.read(models.resolve("versions").resolve(version).resolve("model.onnx"));
  }

  @Test
  void snippet_runs_lowersTheRateAndThenStops() throws Exception {
    shown(champion(), 0.5);
    assertTrue(rates.size() < 100, rates.size() + " epochs");
    assertTrue(rates.get(rates.size() - 1) < 0.5, rates.toString());
    assertTrue(said.get(0).contains("tried, the last at point "), said.toString());
  }

  @Test
  void snippet_runs_untilTheTokensAreSpent() throws Exception {
    tokensAnEpoch = 2e8;
    shown(champion(), 0.5);
    assertEquals(5, rates.size());
    assertEquals("the budget is spent: cost 1.00000e+09 at point 5", said.get(0));
  }

  @Test
  void snippet_isTheReadmes() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    String section = readme.substring(readme.indexOf("\n**Several ideas at once**"));
    List<String> lines = section.lines().toList();
    int start = lines.indexOf("```java") + 1;
    int length = lines.subList(start, lines.size()).indexOf("```");

    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/policy/AdviceReadmeTest.java"));
    int from = source.indexOf("    // from here") + 1;
    int to = source.indexOf("    // to here");
    assertEquals(
        source.subList(from, to).stream().map(line -> line.substring(4)).toList(),
        lines.subList(start, start + length));
  }
}
