package io.stopcast.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.Decision;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.Patience;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every sweep keeps, whatever it decides. */
class SweepContractTest {
  private static final int SEEDS = 40;
  private static final double FOR_EVER = Double.POSITIVE_INFINITY;

  static Stream<SweepPolicy> policies() {
    return Stream.of(
        new MedianStopping(1, 1, Progress.POINTS),
        new MedianStopping(3, 0.2, Progress.SHARE),
        new PercentileStopping(50, 2, 3, FOR_EVER, 0, 0, Progress.INDEX),
        new PercentileStopping(30, 2, 3, FOR_EVER, 4.5, 2, Progress.COST),
        PercentileStopping.standard(),
        new SuccessiveHalving(2, 1, 0, Progress.POINTS),
        new SuccessiveHalving(3, 0.0625, 1, Progress.SHARE),
        new Hyperband(3, 1, 27, Progress.POINTS),
        new IncumbentAware(new Patience(2), 0),
        new IncumbentAware(new Patience(2), 2),
        new IncumbentAware(new Played.Expecting(0.3), 1),
        new RankedSweep(new Played.Expecting(0.3), new Played.Lagging(), 0.5, 0),
        new RankedSweep(new Patience(2), new Played.Lagging(), 0.7, 1),
        SweepPolicy.of(new Patience(3).or(new FixedShare(0.5))));
  }

  /** A step of one of the runs, or, if there is none, that the run has ended. */
  private record Event(int run, Step step) {
    Event mirrored() {
      return step == null ? this : new Event(run, Step.of(step.index(), step.cost(), "em", -step.value("em")));
    }
  }

  /** Runs in parallel, in some order. */
  private record Sample(RunContext run, int runs, List<Event> events) {
    static Sample of(int seed) {
      Random random = new Random(seed);
      int runs = 2 + random.nextInt(12);
      int length = 5 + random.nextInt(40);
      double nans = random.nextInt(2) * 0.1;
      List<Event> events = new ArrayList<>();
      int[] at = new int[runs];
      double[] top = random.doubles(runs).toArray();
      int[] lengths = random.ints(runs, 1, length + 1).toArray();
      List<Integer> open = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        open.add(i);
      }
      while (!open.isEmpty()) {
        int r = open.get(random.nextInt(Math.min(4, open.size()))); // four workers
        int t = ++at[r];
        double value = Math.rint(1024 * (top[r] * (1 - Math.exp(-t / 5.0)) + 0.05 * random.nextGaussian())) / 1024;
        events.add(new Event(r, Step.of(2L * t, 1.5 * t, "em", random.nextDouble() < nans ? Double.NaN : value)));
        if (t == lengths[r]) {
          events.add(new Event(r, null));
          open.remove((Integer) r);
        }
      }
      RunContext run = RunContext.of(Objective.maximize("em")).withHorizon(Horizon.ofPoints(length));
      return new Sample(run, runs, events);
    }

    /** What is decided about each event; a run that was stopped shows nothing more. */
    List<Decision> decisions(SweepPolicy policy) {
      Player player = new Player(policy, this);
      return events.stream().map(player::play).toList();
    }
  }

  private static final class Player {
    private final List<Sweep.Watch> watches = new ArrayList<>();
    private final boolean[] stopped;

    Player(SweepPolicy policy, Sample sample) {
      Sweep sweep = policy.sweep();
      for (int i = 0; i < sample.runs(); i++) {
        watches.add(sweep.watch(sample.run()));
      }
      stopped = new boolean[sample.runs()];
    }

    Decision play(Event event) {
      if (stopped[event.run()]) {
        return Decision.CONTINUE;
      }
      if (event.step() == null) {
        watches.get(event.run()).end();
        return Decision.CONTINUE;
      }
      Decision decision = watches.get(event.run()).observe(event.step());
      stopped[event.run()] = decision.isStop();
      return decision;
    }
  }

  private static List<Boolean> stops(List<Decision> decisions) {
    return decisions.stream().map(Decision::isStop).toList();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_randomSweeps_stopsSomeAndNotOthers(SweepPolicy policy) {
    int runs = 0;
    int stopped = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample sample = Sample.of(seed);
      runs += sample.runs();
      stopped += (int) sample.decisions(policy).stream().filter(Decision::isStop).count();
    }
    assertTrue(stopped > 10 && stopped < runs - 10, policy + " stopped " + stopped + " of " + runs);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_sameOrder_decidesTheSame(SweepPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertEquals(Sample.of(seed).decisions(policy), Sample.of(seed).decisions(policy), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_otherFuture_decidesTheSameUntilThen(SweepPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      int now = new Random(seed).nextInt(one.events().size());
      List<Event> other = new ArrayList<>(one.events());
      other.subList(now, other.size()).replaceAll(Event::mirrored);
      assertEquals(
          one.decisions(policy).subList(0, now),
          new Sample(one.run(), one.runs(), other).decisions(policy).subList(0, now),
          "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_minimisedMirrorImage_decidesTheSame(SweepPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      List<Event> mirrored = new ArrayList<>(one.events());
      mirrored.replaceAll(Event::mirrored);
      Sample other = new Sample(one.run().withObjective(Objective.minimize("em")), one.runs(), mirrored);
      assertEquals(stops(one.decisions(policy)), stops(other.decisions(policy)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_pointsWithNaNOrWithoutTheObjective_goOn(SweepPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      Player player = new Player(policy, one);
      for (Event event : one.events()) {
        if (event.step() != null && !player.stopped[event.run()]) {
          Step other = Step.of(event.step().index() - 1, event.step().cost() - 0.5, "lr", 1);
          assertEquals(Decision.CONTINUE, player.play(new Event(event.run(), other)), "seed " + seed);
        }
        Decision decision = player.play(event);
        assertFalse(decision.isStop() && Double.isNaN(event.step().value("em")), "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void sweep_anotherAtTheSameTime_isNotSeen(SweepPolicy policy) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Sample one = Sample.of(seed);
      Sample other = Sample.of(seed + SEEDS);
      Player first = new Player(policy, one);
      Player second = new Player(policy, other);
      List<Decision> decisions = new ArrayList<>();
      for (int i = 0; i < one.events().size(); i++) {
        if (i < other.events().size()) {
          second.play(other.events().get(i));
        }
        decisions.add(first.play(one.events().get(i)));
      }
      assertEquals(one.decisions(policy), decisions, "seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_twoThreadsInTurn_decideAsOne(SweepPolicy policy) throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (int seed = 0; seed < 8; seed++) {
        Sample sample = Sample.of(seed);
        Player player = new Player(policy, sample);
        List<Decision> decisions = new ArrayList<>();
        for (Event event : sample.events()) {
          decisions.add((event.run() % 2 == 0 ? one : other).submit(() -> player.play(event)).get());
        }
        assertEquals(sample.decisions(policy), decisions, "seed " + seed);
      }
    } finally {
      one.shutdown();
      other.shutdown();
    }
  }

  /** Those that stop no run for what it does by itself. */
  static Stream<SweepPolicy> comparing() {
    return policies().filter(policy -> !policy.toString().contains("patience("));
  }

  // The run that is best at all of its points is never worse than a rung, a median or a percentile, whatever the order.
  @ParameterizedTest
  @MethodSource("comparing")
  void observe_twoThreadsAtOnce_keepTheBest(SweepPolicy policy) throws Exception {
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      Sweep sweep = policy.sweep();
      RunContext run = RunContext.of(Objective.maximize("em")).withHorizon(Horizon.ofPoints(60));
      List<Future<Boolean>> stopped = new ArrayList<>();
      for (int r = 0; r < 40; r++) {
        int top = r;
        stopped.add(
            two.submit(
                () -> {
                  Sweep.Watch watch = sweep.watch(run);
                  for (int t = 1; t <= 60; t++) {
                    if (watch.observe(Step.of(t, t, "em", top)).isStop()) {
                      return true;
                    }
                  }
                  watch.end();
                  return false;
                }));
      }
      for (int r = 0; r < 40; r++) {
        boolean wasStopped = stopped.get(r).get();
        assertFalse(wasStopped && r == 39, "the best one");
      }
    } finally {
      two.shutdown();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void observe_afterItsEnd_isRefused(SweepPolicy policy) {
    Sweep.Watch watch = policy.sweep().watch(Played.MAX);
    watch.end();
    watch.end();
    assertEquals(
        "run 'unnamed' has ended; watch it anew if it goes on",
        assertThrows(IllegalStateException.class, () -> watch.observe(Played.step(1, 1))).getMessage());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void toString_saysTheConfigurationInOneLine(SweepPolicy policy) {
    assertFalse(policy.toString().contains("@") || policy.toString().contains("\n"), policy.toString());
  }
}
