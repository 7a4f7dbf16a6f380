package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.TaskHistory;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class PriorsTest {
  private static RunContext context(String task) {
    return context(task, "live");
  }

  private static RunContext context(String task, String run) {
    return new RunContext("lab", task, run, Objective.maximize("em"), Horizon.UNKNOWN, "tokens", Map.of());
  }

  private static List<Run> runs(String task, int count) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Step> steps = new ArrayList<>();
      for (int t = 1; t <= 10; t++) {
        steps.add(Step.of(t, t, "em", (double) t / (i + 10)));
      }
      runs.add(new Run(context(task, "r" + i), steps, Map.of(), End.COMPLETED));
    }
    return runs;
  }

  @Test
  void of_moreRunsThanWanted_keepsTheLatest() {
    Priors priors = Priors.of(runs("a", 5), 3);

    assertEquals(3, priors.of(context("a")).runs().size());
    assertEquals(10 / 12f, priors.of(context("a")).runs().get(0).best()[31], 1e-5);
    assertSame(TaskHistory.NONE, priors.of(context("b")));
  }

  @Test
  void of_runThatIsItselfInTheHistory_doesNotSeeItself() {
    Priors priors = Priors.of(runs("a", 2), 3);

    assertEquals(1, priors.of(context("a", "r0")).runs().size());
    assertEquals(10 / 11f, priors.of(context("a", "r0")).runs().get(0).best()[31], 1e-5);
    assertSame(TaskHistory.NONE, Priors.of(runs("a", 1), 3).of(context("a", "r0")));
  }

  @Test
  void of_runWithoutANumber_isLeftOut() {
    List<Run> runs = new ArrayList<>(runs("a", 2));
    runs.add(new Run(context("a"), List.of(Step.of(1, 1, "em", Double.NaN)), Map.of(), End.DIVERGED));

    assertEquals(2, Priors.of(runs, 10).of(context("a")).runs().size());
  }

  @Test
  void parse_whatWasFormatted_formatsTheSame() {
    List<Run> runs = new ArrayList<>(runs("a", 5));
    runs.addAll(runs("b", 2));
    String text = Priors.of(runs, 10).format();

    assertEquals(text, Priors.parse(text).format());
    assertEquals(5, Priors.parse(text).of(context("a")).runs().size());
    assertEquals(0, Priors.parse(Priors.NONE.format()).tasks().size());
  }

  @Test
  void parse_cutOrForeign_isRefused() {
    String text = Priors.of(runs("a", 5), 10).format();
    for (String bad : List.of("", "AAAA", "not base64!", text.substring(0, text.length() / 2 / 4 * 4))) {
      assertThrows(IllegalArgumentException.class, () -> Priors.parse(bad), bad);
    }
  }

  @Test
  void parse_bomb_isRefusedAtTheLimit() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
      out.write(new byte[] {1, 0x7F, 0, 0, 0});
      byte[] block = new byte[1 << 20]; // tasks without a name or a run, for ever
      for (int i = 0; i < 40; i++) {
        out.write(block);
      }
    }
    String text = Base64.getEncoder().encodeToString(bytes.toByteArray());

    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Priors.parse(text));
    assertTrue(e.getMessage().contains("it inflates to more than 33554432 bytes"), e.getMessage());
  }
}
