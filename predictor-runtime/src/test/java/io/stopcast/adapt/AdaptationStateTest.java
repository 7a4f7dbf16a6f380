package io.stopcast.adapt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptationStateTest {
  private static final String ODD = "tab\tline\nback\\slash \u0000 \u00e9 \ud83d\ude00 \udc00 sha256\t";

  private static final Adaptation ADAPTATION =
      Adaptation.of(
          List.of(new Candidate(ODD, StopPolicy.NEVER), Candidate.of(new Patience(3))), Grouping.byParameter(ODD), 0.1);

  private static RunContext run(String task, String name) {
    return new RunContext("s", task, name, Objective.maximize("em"), RunContext.of(Objective.maximize("em")).horizon(), "steps", java.util.Map.of());
  }

  private static AdaptationState some() {
    Random random = new Random(1);
    AdaptationState state = ADAPTATION.start();
    for (int r = 0; r < 20; r++) {
      state = ADAPTATION.learn(state, r % 3 + ODD, new double[] {random.nextDouble(), random.nextDouble() / 3}, 1 - random.nextDouble());
      state = state.giving(run(ODD, "r" + r), ADAPTATION.choose(state, run(ODD, "r" + r)));
    }
    return state.withHidden().ended(run(ODD, "r3"));
  }

  @Test
  void parse_whatFormatWrote_isEqual() throws AdaptationStateException {
    AdaptationState state = some();
    AdaptationState read = AdaptationState.parse(state.format());
    assertEquals(state, read);
    assertEquals(state.format(), read.format());
    assertEquals(state.digest(), read.digest());
    assertEquals(List.of(20L, 1L, 19L), List.of(read.learned(), read.hidden(), (long) read.given()));
    assertArrayEquals(state.meanLosses("1" + ODD), read.meanLosses("1" + ODD));
    RunContext run = run(ODD, "r5");
    assertEquals(state.given(run).orElseThrow().propensity(), read.given(run).orElseThrow().propensity());
    assertEquals(java.util.Optional.empty(), read.given(run(ODD, "r3")));
    assertEquals(ADAPTATION.start(), AdaptationState.parse(ADAPTATION.start().format()));
  }

  @Test
  void format_isReadable() {
    Adaptation plain =
        Adaptation.of(
            List.of(new Candidate("never", StopPolicy.NEVER), new Candidate("still", new Patience(2))), Grouping.by(Grouping.By.SOURCE), 0.1);
    AdaptationState state = plain.learn(plain.start(), "lab", new double[] {0.5, 0.25}, 0.5);
    List<String> lines = state.format().lines().toList();
    assertEquals(
        List.of(
            "stopcast-adaptation 1",
            "terms\tprice 0.1, families by source",
            "candidate\tnever",
            "candidate\tstill",
            "runs\t1 learned\t0 hidden",
            "family\tlab\t1 runs\t2.0\t0.25\t1.0\t0.5"),
        lines.subList(0, lines.size() - 1));
  }

  @Test
  void parse_oneCharacterWrong_isRefusedWhereverItIs() {
    String text = some().format();
    for (int i = 0; i < text.length(); i += 7) {
      char other = text.charAt(i) == '1' ? '2' : '1';
      String wrong = text.substring(0, i) + other + text.substring(i + 1);
      String cut = text.substring(0, i);
      assertThrows(AdaptationStateException.class, () -> AdaptationState.parse(wrong), "changed at " + i);
      assertThrows(AdaptationStateException.class, () -> AdaptationState.parse(cut), "cut at " + i);
    }
    assertThrows(AdaptationStateException.class, () -> AdaptationState.parse(text + "more\n"));
  }

  @Test
  void parse_otherVersionOrText_saysWhatItIs() {
    assertEquals(
        "the text is no state of an adaptation: it does not begin with 'stopcast-adaptation'",
        assertThrows(AdaptationStateException.class, () -> AdaptationState.parse("{}")).getMessage());
    assertEquals(
        "the state is of version '2', but this runtime reads 1; read it with the runtime that wrote it",
        assertThrows(AdaptationStateException.class, () -> AdaptationState.parse("stopcast-adaptation 2\nsha256\t0\n")).getMessage());
    assertEquals(
        "the state is damaged: its checksum, in the last line, is not that of the lines before; take an older copy, or start anew",
        assertThrows(AdaptationStateException.class, () -> AdaptationState.parse("stopcast-adaptation 1\nsha256\t0\n")).getMessage());
  }

  @Test
  void giving_moreRunsThanAreKept_forgetsTheOldest() {
    Choice choice = ADAPTATION.choose(ADAPTATION.start(), run("t", "r"));
    AdaptationState state = ADAPTATION.start();
    for (int r = 0; r < 3; r++) {
      state = state.giving(run("t", "r" + r), choice);
    }
    assertEquals(3, state.given());
    assertEquals(true, state.given(run("t", "r0")).isPresent());
  }
}
