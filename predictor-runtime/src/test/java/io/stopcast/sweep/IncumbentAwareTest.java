package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IncumbentAwareTest {
  /** Stops at a value of exactly 7, and always expects the same. */
  private record AtSeven(double gainHigh) implements StopPolicy {
    @Override
    public Watch watch(RunContext run) {
      return new Watch() {
        @Override
        public Decision observe(Step step) {
          return Math.abs(step.value("em")) == 7 ? new Decision.Stop("seven", "seven") : Decision.CONTINUE;
        }

        @Override
        public Optional<Outlook> outlook() {
          return Optional.of(new Outlook(0.5, 0, 0, gainHigh, 1));
        }
      };
    }

    @Override
    public String toString() {
      return "seven";
    }
  }

  @Test
  void observe_outlookBelowTheIncumbent_stopsEarlier() {
    Sweep sweep = new IncumbentAware(new AtSeven(2), 0).sweep();
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 1, 10, 3), "the incumbent itself");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 8, 5), "10 with nine in ten: a tie");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), Double.NaN, 9, Double.NaN), "NaN");
    assertEquals(1, Played.stopOf(sweep.watch(Played.MAX), 5));
  }

  @Test
  void observe_minimised_isTheMirrorImage() {
    Sweep sweep = new IncumbentAware(new AtSeven(2), 0).sweep();
    assertEquals(0, Played.stopOf(sweep.watch(Played.MIN), 9, 3));
    Sweep.Watch watch = sweep.watch(Played.MIN);
    assertEquals(
        new Decision.Stop(
            "incumbent-aware(seven, best 0 kept)",
            "nine of ten such runs gain 2 at most, and the best value 6 does not come to 3 so, the best of the sweep"),
        watch.observe(Played.step(1, 6)));
    assertEquals(Decision.CONTINUE, watch.observe(Played.step(2, 5)));
  }

  @Test
  void observe_unknownGain_isNoReason() {
    Sweep sweep = new IncumbentAware(new AtSeven(Double.NaN), 0).sweep();
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 100));
    assertEquals(3, Played.stopOf(sweep.watch(Played.MAX), 1, 2, 7), "by itself");
  }

  @Test
  void observe_nothingFinite_isNoReason() {
    Sweep sweep = new IncumbentAware(new AtSeven(0), 0).sweep();
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 100));
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
  }

  @Test
  void observe_amongTheBest_isKept() {
    Sweep sweep = new IncumbentAware(new AtSeven(Double.NaN), 2).sweep();
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 7, 7), "alone");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 8), "first");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 7), "second, a tie");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 8), "first, a tie");
    assertEquals(1, Played.stopOf(sweep.watch(Played.MAX), 7), "third");
    assertEquals(0, Played.stopOf(sweep.watch(Played.MAX), 9, 7), "first by its best");
  }

  @Test
  void watch_givesWhatThePolicyGives() {
    Sweep.Watch watch = new IncumbentAware(new AtSeven(2), 0).sweep().watch(Played.MAX);
    assertEquals(2, watch.outlook().orElseThrow().gainHigh());
    assertTrue(Double.isNaN(watch.score()));
    assertEquals(Optional.empty(), watch.attribution());
  }

  @Test
  void new_nonsense_saysWhatWouldBeRight() {
    assertEquals(
        "0 or more of the best runs are kept, but were to be -1",
        assertThrows(IllegalArgumentException.class, () -> new IncumbentAware(StopPolicy.NEVER, -1)).getMessage());
  }
}
