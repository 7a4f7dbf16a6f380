package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Horizon;
import io.stopcast.run.Run;
import org.junit.jupiter.api.Test;

class ShownHorizonTest {
  private final Run run = RecordedRuns.of("t", "r", 1, 2, 3);

  @Test
  void show_unknown_hidesTheHorizonAndNothingElse() {
    Run shown = ShownHorizon.UNKNOWN.show(run);

    assertEquals(Horizon.UNKNOWN, shown.context().horizon());
    assertEquals(run.context(), shown.context().withHorizon(run.context().horizon()));
    assertEquals(run.steps(), shown.steps());
    assertSame(run, ShownHorizon.PLANNED.show(run));
  }

  @Test
  void of_unknownWord_namesThoseThatAre() {
    assertEquals(
        "a horizon is shown as one of [planned, unknown], but was 'guessed'",
        assertThrows(IllegalArgumentException.class, () -> ShownHorizon.of("guessed")).getMessage());
  }
}
