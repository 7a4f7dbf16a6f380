package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveModelTest {
  private final List<String> events = new ArrayList<>();
  private final LiveModel model =
      new LiveModel(
          new Loaded("0001", "sha", FakeSource.policy(new FakeModel(0, 1, () -> events.add("closed")))),
          gone -> events.add("gone"));

  @Test
  void acquire_afterTheLastRelease_neverAgain() {
    assertTrue(model.acquire());
    model.release();
    assertEquals(List.of(), events);
    model.release();
    assertEquals(List.of("closed", "gone"), events);
    for (int i = 0; i < 3; i++) {
      assertFalse(model.acquire());
    }
    assertEquals(List.of("closed", "gone"), events);
  }

  @Test
  void failed_third_saysThatItTurnsTheModelOffOnce() {
    assertFalse(model.failed() || model.failed() || model.isOff());
    assertTrue(model.failed());
    assertTrue(model.isOff());
    assertFalse(model.failed());
  }
}
