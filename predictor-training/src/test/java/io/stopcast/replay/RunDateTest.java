package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDateTest {
  @ParameterizedTest(name = "started {0}, name {1} -> {2}")
  @CsvSource({
    "2024-03-05, r1, 2024-03-05T00:00:00Z",
    "2024-03-05T10:20:30, r1, 2024-03-05T10:20:30Z",
    "2024-03-05 10:20, r1, 2024-03-05T10:20:00Z",
    "2024-03-05T10:20:30.5+02:00, r1, 2024-03-05T08:20:30.500Z",
    "2024-03-05T10:20:30Z, 2019-01-31, 2024-03-05T10:20:30Z",
    ", lr__1.e-02_random_seed__42__2019-01-31, 2019-01-31T00:00:00Z",
    ", seed__42__2019-02-14-02-43-25, 2019-02-14T02:43:25Z",
    ", 2019-13-45_2020-01-02, 2020-01-02T00:00:00Z",
    "yesterday, run-2019-01-31, 2019-01-31T00:00:00Z",
    ", 12019-01-31,",
    "yesterday, r1,",
    ", r1,"
  })
  void of_whatIsWritten(String started, String name, Instant expected) {
    Map<String, Object> parameters = started == null ? Map.of() : Map.of("started", started);
    RunContext run =
        new RunContext("test", "t", name, Objective.maximize("m"), Horizon.UNKNOWN, "epochs", parameters);
    assertEquals(expected, RunDate.of(run).orElse(null));
  }
}
