package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Budget;
import io.stopcast.policy.Decision;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows of a guarded run compiles, runs, and stands there as it stands here. */
class ReadmeTest {
  private static final Logger log = Logger.getLogger("trainer");

  private int epochs;

  private double trainOneEpoch() {
    epochs++;
    return .9 - .4 * Math.exp(-epochs / 5.0) - .004 * Math.max(0, epochs - 20) + .005 * Math.sin(7 * epochs);
  }

  private long shown(Path models, double samplesPerEpoch) throws Exception {
    // from here
    RunContext run = RunContext.of(Objective.maximize("val_accuracy")).withHorizon(Horizon.ofPoints(200));
    Watcher watcher = Watcher.following(models, "champion", 0.1);
    GuardedWatch watch = watcher.watch(run, Budget.ofCost(1e9));
    for (int epoch = 1; epoch <= 200; epoch++) {
      double accuracy = trainOneEpoch();
      if (watch.observe(Step.of(epoch, epoch * samplesPerEpoch, "val_accuracy", accuracy)) instanceof Decision.Stop stop) {
        log.info(stop.reason() + "; best in epoch " + watch.best().orElseThrow().step());
        break;
      }
    }
    // to here
    long bestEpoch = watch.best().orElseThrow().step();
    watch.close(End.EARLY_STOPPED);
    watcher.close();
    return bestEpoch;
  }

  @Test
  void snippet_runs_untilTheModelStopsIt() throws Exception {
    log.setUseParentHandlers(false);
    long best = shown(Path.of("..", "models"), 50_000);
    assertTrue(epochs > best && epochs < 200, epochs + " epochs, the best was " + best);
  }

  @Test
  void snippet_runs_untilTheBudgetIsSpent() throws Exception {
    log.setUseParentHandlers(false);
    shown(Path.of("..", "models"), 1e8);
    assertEquals(10, epochs);
  }

  /** The first one of both. */
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/java.md"})
  void snippet_isTheReadmesAndTheGuides(String page) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("..").resolve(page));
    int start = lines.indexOf("```java") + 1;
    int length = lines.subList(start, lines.size()).indexOf("```");

    List<String> source = Files.readAllLines(Path.of("src/test/java/io/stopcast/live/ReadmeTest.java"));
    int from = source.indexOf("    // from here") + 1;
    int to = source.indexOf("    // to here");
    assertEquals(
        source.subList(from, to).stream().map(line -> line.substring(4)).toList(),
        lines.subList(start, start + length));
  }
}
