package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.run.Step;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepOrderTest {
  /** Steps are written as index, p for a point or s for signals, and value. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "1p1 2p1 5p1, NEW NEW NEW",
    "1p1 1p1 1p2 1p1, NEW REPEATED CHANGED REPEATED",
    "1p1 1p2 2p2, NEW CHANGED NEW",
    "5p1 4p1 4s1 5s1 6p1, NEW OLD OLD NEW NEW",
    "1s1 1p1 1s1 1p1, NEW NEW REPEATED REPEATED",
    "1s1 2s1 3s1, NEW NEW NEW",
    "1s1 1s2 1s2 2p1, NEW NEW REPEATED NEW",
    "-3p1 -2p1 -3p1, NEW NEW OLD",
    "1pNaN 1pNaN 1p1, NEW REPEATED CHANGED",
    "1p0.0 1p-0.0, NEW CHANGED"
  })
  void judge_steps_areNewOnce(String steps, String verdicts) {
    StepOrder order = new StepOrder();
    List<String> judged =
        Arrays.stream(steps.split(" "))
            .map(
                text -> {
                  boolean isPoint = text.contains("p");
                  String[] parts = text.split("[ps]");
                  double value = Double.parseDouble(parts[1]);
                  Step step = Step.of(Long.parseLong(parts[0]), 1, isPoint ? "objective" : "other", value);
                  return order.judge(step, isPoint, value).name();
                })
            .toList();
    assertEquals(verdicts, String.join(" ", judged));
  }
}
