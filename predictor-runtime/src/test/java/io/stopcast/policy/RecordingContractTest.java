package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.live.Recording;
import io.stopcast.live.RecordingPolicy;
import io.stopcast.run.RunContext;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Writing down what a policy decides changes nothing of it, whether it can be written or not. */
class RecordingContractTest extends StopPolicyContract {
  private Named recorded;

  @BeforeAll
  void makePolicies(@TempDir Path folder) {
    recorded = new Named(RecordingPolicy.into(folder, new Patience(3)));
  }

  @AfterAll
  void closeFiles() {
    recorded.open.forEach(Recording::close);
  }

  /** Gives each run a name, so that each has a file, and closes files that no test writes to any more. */
  private static final class Named implements StopPolicy {
    private static final int MOST_OPEN = 8;
    final Deque<Recording> open = new ArrayDeque<>();
    private final RecordingPolicy policy;
    private int runs;

    Named(RecordingPolicy policy) {
      this.policy = policy;
    }

    @Override
    public Watch watch(RunContext run) {
      if (open.size() == MOST_OPEN) {
        open.removeFirst().close();
      }
      String name = "run " + ++runs;
      Recording recording =
          policy.watch(
              new RunContext(
                  run.source(), run.task(), name, run.objective(), run.horizon(), run.costUnit(), run.parameters()));
      assertEquals(Optional.empty(), recording.failure());
      open.addLast(recording);
      return recording;
    }

    @Override
    public String toString() {
      return policy.toString();
    }
  }

  @Override
  Stream<StopPolicy> policies() {
    Path none = Path.of("/dev/null/folder");
    return Stream.of(
        recorded,
        RecordingPolicy.into(none, new Patience(3)),
        RecordingPolicy.into(none, new LearnedPolicy(new HandMadeModel(), 0.1, 0.6)));
  }

  /** Numbers as text. */
  @Override
  long mostBytesAStep() {
    return 1000;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_recorded_decidesAsTheOneWithin(StopPolicy policy) {
    StopPolicy within = policy == recorded ? recorded.policy.policy() : ((RecordingPolicy) policy).policy();
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      assertEquals(one.decisions(within), one.decisions(policy), "seed " + seed);
    }
  }
}
