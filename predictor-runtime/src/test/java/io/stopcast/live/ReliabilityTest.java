package io.stopcast.live;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelFiles;
import io.stopcast.policy.LearnedPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The claims of {@code checks/reliability}, small; each asserts by itself. */
class ReliabilityTest {
  private static Reliability ofRandomTrees() throws Exception {
    return new Reliability(LearnedPolicy.of(ModelFile.read(ModelFiles.random(5), "random"), FakeSource.PRICE));
  }

  @Test
  void hotSwap_fewThreads() throws Exception {
    Reliability.hotSwap(ModelFile::scorer, 8, 100_000, 300);
  }

  @Test
  void hotSwap_onnxRuntime_nativeSessionsAreClosedAndNoneIsUsedLater() throws Exception {
    Reliability.hotSwap(Reliability::onnxRuntime, 4, 10_000, 60);
  }

  @Test
  void faults_afterSomeOfEachKind() throws Exception {
    Reliability.faults(34, Duration.ofSeconds(10));
  }

  @Test
  void slow_someNaps() throws Exception {
    Reliability.slow(10, Duration.ofMillis(300), Duration.ofMillis(20), Duration.ofSeconds(10));
  }

  @Test
  void endurance_manySteps_manyRuns() throws Exception {
    ofRandomTrees().endurance(100_000, 2_000);
  }

  @Test
  void orders_someHundred() throws Exception {
    ofRandomTrees().orders(300);
  }

  @Test
  void manyRuns_manyThreads() throws Exception {
    ofRandomTrees().manyRuns(1_000, 32);
  }
}
