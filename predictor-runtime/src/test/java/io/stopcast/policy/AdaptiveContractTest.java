package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.adapt.Adaptation;
import io.stopcast.adapt.AdaptationState;
import io.stopcast.adapt.Candidate;
import io.stopcast.adapt.Grouping;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A policy that is chosen keeps the contract, whichever is. */
class AdaptiveContractTest extends StopPolicyContract {
  private static final List<StopPolicy> RULES = List.of(new Patience(3), new PatienceShare(.1, MinDelta.ofSpan(.003)), new IncToDec(.7, 10));
  private static final Adaptation ADAPTATION =
      Adaptation.of(RULES.stream().map(Candidate::of).toList(), Grouping.by(Grouping.By.METRIC), .1);

  /** After a run on which one of them was best. */
  private static StopPolicy after(int best, long seed) {
    Adaptation adaptation = ADAPTATION.withSeed(seed);
    double[] losses = {.1, .1, .1};
    losses[best] = .01;
    return adaptation.policy(adaptation.learn(adaptation.start(), "em", losses, 1));
  }

  @Override
  Stream<StopPolicy> policies() {
    return Stream.of(after(0, 1), after(1, 1), after(2, 1), exempt());
  }

  private static StopPolicy exempt() {
    long seed =
        LongStream.range(0, 1000)
            .filter(s -> ADAPTATION.withSeed(s).choose(ADAPTATION.start(), Watching.RUN).isExempt())
            .findFirst()
            .orElseThrow();
    return ADAPTATION.withSeed(seed).policy(ADAPTATION.start());
  }

  @Test
  void watch_decidesAsWhatItIsGiven() {
    for (int best = 0; best < 3; best++) {
      for (int seed = 0; seed < SEEDS; seed++) {
        Sample one = Sample.of(seed);
        assertEquals(one.decisions(RULES.get(best)), one.decisions(after(best, 1)));
      }
    }
    assertTrue(Sample.of(1).decisions(exempt()).stream().noneMatch(Decision::isStop));
  }

  @Test
  void restore_afterMoreWasLearned_keepsWhatTheRunWasGiven() throws IOException {
    StopPolicy.Watch watch = after(0, 1).watch(Watching.RUN);
    double[] still = {.1, .2, .2, .2, .2, .2};
    for (int i = 0; i < 3; i++) {
      watch.observe(Watching.steps(still).get(i));
    }
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    watch.save(new DataOutputStream(saved));
    StopPolicy.Watch restored = after(2, 1).watch(Watching.RUN);
    restored.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
    for (int i = 3; i < still.length; i++) {
      assertEquals(watch.observe(Watching.steps(still).get(i)), restored.observe(Watching.steps(still).get(i)));
    }
    Adaptation others = Adaptation.of(List.of(new Candidate("a", RULES.get(0)), new Candidate("b", RULES.get(1))), ADAPTATION.grouping(), .1);
    AdaptationState none = others.start();
    StopPolicy.Watch unlike = others.policy(none).watch(Watching.RUN);
    String message =
        assertThrows(IOException.class, () -> unlike.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())))).getMessage();
    assertTrue(message.startsWith("the run was given 'patience(3 steps"), message);
  }
}
