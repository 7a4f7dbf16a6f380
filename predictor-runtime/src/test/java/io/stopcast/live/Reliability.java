package io.stopcast.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelFiles;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.OnnxRuntimeModel;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * What a watcher promises a trainer, each promise as a claim that fails or tells the numbers it held with. The tests make the
 * same claims in a small size; {@code checks/reliability} runs {@link #main} in full.
 */
final class Reliability {
  private static final RunContext RUN = LiveRuns.context("a");
  private static final StopPolicy FALLBACK = new Patience(4);
  private static final int RUN_STEPS = 50;

  private final LearnedPolicy policy;

  /**
   * Claims about one model, where it does not matter which.
   *
   * @param policy asked by the claims that watch with one model
   */
  Reliability(LearnedPolicy policy) {
    this.policy = policy;
  }

  /** Makes the claim that the first argument names, in full size, with the model file that the second one names. */
  public static void main(String[] args) throws Exception {
    Reliability full = new Reliability(LearnedPolicy.of(ModelFile.read(Path.of(args[1])), FakeSource.PRICE));
    long start = System.nanoTime();
    String numbers =
        switch (args[0]) {
          case "hot-swap" ->
              hotSwap(ModelFile::scorer, 32, 10_000_000, 1000)
                  + ". The same by ONNX Runtime: "
                  + hotSwap(Reliability::onnxRuntime, 32, 1_000_000, 300);
          case "faults" -> faults(1000, Duration.ofMillis(1)) + slow(1000, Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofMillis(51));
          case "endurance" -> full.endurance(1_000_000, 100_000);
          case "orders" -> full.orders(100_000);
          case "many-runs" -> full.manyRuns(10_000, 32);
          default -> throw new IllegalArgumentException("there is no claim called " + args[0]);
        };
    System.out.printf("ok %s: %s (%d s)%n", args[0], numbers, (System.nanoTime() - start) / 1_000_000_000);
  }

  private static Watcher watcher(ModelSource source) throws Exception {
    return new Watcher(source, new Guard(FALLBACK, line -> {}), System::nanoTime);
  }

  /** Waits for all threads, so that the first that fails is told. */
  private static void run(int threads, Callable<Void> each) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        all.add(pool.submit(each));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** The score after each step; NaN while there is none. */
  private static double[] scores(StopPolicy policy, RunContext run, List<Step> steps) {
    StopPolicy.Watch watch = policy.watch(run);
    double[] scores = new double[steps.size()];
    for (int i = 0; i < scores.length; i++) {
      watch.observe(steps.get(i));
      scores[i] = watch.score();
    }
    return scores;
  }

  /**
   * Models are swapped while runs go on: each run's scores are those of the model it started with, and of no other; every
   * model is closed exactly once, when nobody asks it any more.
   *
   * @param scorer opens what is asked, anew for each version
   */
  static String hotSwap(Function<ModelFile, StopModel> scorer, int threads, long scores, int swaps) throws Exception {
    List<Step> steps = LiveRuns.steps(3, RUN_STEPS);
    List<ModelFile> kinds = new ArrayList<>();
    List<double[]> expected = new ArrayList<>();
    for (int kind = 0; kind < 8; kind++) {
      kinds.add(ModelFile.read(ModelFiles.random(kind), "random"));
      expected.add(scores(LearnedPolicy.of(kinds.get(kind), FakeSource.PRICE), RUN, steps));
      for (int other = 0; other < kind; other++) {
        for (int i = 0; i < steps.size(); i++) {
          assertTrue(Double.isNaN(expected.get(kind)[i]) || expected.get(kind)[i] != expected.get(other)[i]);
        }
      }
    }
    Queue<Counted> opened = new ConcurrentLinkedQueue<>();
    FakeSource source =
        new FakeSource(
            version -> {
              Counted model = new Counted(scorer.apply(kinds.get(Integer.parseInt(version) % kinds.size())));
              opened.add(model);
              return model;
            });
    Watcher watcher = watcher(source);
    long share = scores / swaps;
    AtomicLong scored = new AtomicLong();
    AtomicInteger swapped = new AtomicInteger();
    run(
        threads,
        () -> {
          while (scored.get() < scores) {
            long own = 0;
            try (GuardedWatch watch = watcher.watch(RUN)) {
              double[] right = expected.get(Integer.parseInt(watch.modelVersion().orElseThrow()) % kinds.size());
              for (int i = 0; i < right.length; i++) {
                watch.observe(steps.get(i));
                assertEquals(right[i], watch.score());
                own += Double.isNaN(right[i]) ? 0 : 1;
              }
            }
            long now = scored.addAndGet(own);
            for (long due = (now - own) / share; due < now / share; due++) {
              synchronized (source) { // one after the other, or some would find that another one is at it
                source.version = "%04d".formatted(1 + swapped.incrementAndGet());
                assertTrue(watcher.refresh());
              }
            }
          }
          return null;
        });
    assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
    assertEquals(1, watcher.modelsHeld());
    assertEquals(1, opened.stream().filter(model -> model.closed.get() == 0).count());
    watcher.close();
    assertTrue(opened.stream().allMatch(model -> model.closed.get() == 1));
    assertTrue(swapped.get() >= swaps, swapped + " swaps");
    return "%,d scores on %d threads, %,d swaps, each score that of its run's model and of no other; %,d models opened, %,d closed"
        .formatted(scored.get(), threads, swapped.get(), opened.size(), opened.size());
  }

  /** The scorer with native memory, which fails, rather than to kill, if it is asked after it was closed. */
  static StopModel onnxRuntime(ModelFile file) {
    try {
      return OnnxRuntimeModel.open(file);
    } catch (ModelRejectedException e) {
      throw new AssertionError(e);
    }
  }

  /** A scorer that counts how often it was closed, and fails if it is asked then. */
  private static final class Counted implements StopModel {
    private final StopModel model;
    private final AtomicInteger closed = new AtomicInteger();

    Counted(StopModel model) {
      this.model = model;
    }

    @Override
    public FeatureSchema schema() {
      return model.schema();
    }

    @Override
    public float margin(float[] features) {
      float margin = model.margin(features);
      if (closed.get() > 0) {
        throw new IllegalStateException("closed while it was asked");
      }
      return margin;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      model.close();
    }
  }

  /**
   * The scorer fails in every way: no exception reaches the trainer, and the fallback policy decides from then on. How long a fault
   * takes by itself and what the guard adds are told apart, by kind.
   *
   * @param each how many faults of each kind
   * @param limit what of a thousand steps with a fault 999 stay within, the faults' own time taken off
   */
  static String faults(int each, Duration limit) throws Exception {
    FakeModel model = FakeModel.moving();
    FakeModel.Fault[] kinds = FakeModel.Fault.values();
    int faults = each * kinds.length;
    Watcher watcher = watcher(new FakeSource(version -> model));
    Random random = new Random(7);
    long[] clean = new long[2 * RUN_STEPS * faults];
    int seen = 0;
    long[][] own = new long[kinds.length][each];
    long[][] added = new long[kinds.length][each];
    for (int run = 0; run < faults; run++) {
      FakeModel.Fault fault = kinds[run % kinds.length];
      List<Step> steps = LiveRuns.steps(run, RUN_STEPS);
      List<Decision> ofModel = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
      List<Decision> spare = LiveRuns.clean(FALLBACK, RUN, steps);
      GuardedWatch watch = watcher.watch(RUN);
      int at = 2 + random.nextInt(20); // the first call of a run is good, so that faults are not in a row
      int[] calls = {0};
      model.faults = () -> ++calls[0] == at ? fault : null;
      for (int i = 0; i < steps.size(); i++) {
        boolean before = watch.hasFallenBack();
        long inFaults = model.nanosInFaults();
        long start = System.nanoTime();
        Decision decision = watch.observe(steps.get(i));
        long nanos = System.nanoTime() - start;
        boolean after = watch.hasFallenBack();
        assertEquals((after ? spare : ofModel).get(i).isStop(), decision.isStop(), fault + " in run " + run);
        if (after && !before) {
          long inFault = model.nanosInFaults() - inFaults;
          own[fault.ordinal()][run / kinds.length] = inFault;
          added[fault.ordinal()][run / kinds.length] = nanos - inFault;
        } else {
          clean[seen++] = nanos;
        }
      }
      model.faults = () -> null;
      assertTrue(watch.hasFallenBack(), fault + " in run " + run);
      watch.close();
    }
    assertEquals(faults, watcher.counts().faults());
    long[] allAdded = Arrays.stream(added).flatMapToLong(Arrays::stream).toArray();
    StringBuilder numbers =
        new StringBuilder(
            "%,d faults of %d kinds, none of them reached the trainer. The %,d steps without one: %s. What the guard adds to a fault: %s"
                .formatted(faults, kinds.length, seen, times(Arrays.copyOf(clean, seen)), times(allAdded)));
    for (FakeModel.Fault kind : kinds) {
      numbers.append(
          "%n  %s: by itself %s; the guard adds %s"
              .formatted(kind, times(own[kind.ordinal()]), times(added[kind.ordinal()])));
    }
    assertTrue(quantile(allAdded, .999) <= limit.toNanos() / 1000.0, numbers.toString());
    return numbers.append('\n').toString();
  }

  /**
   * The scorer sleeps at a random step of each run: the trainer waits no longer than the deadline, the fallback policy decides
   * from then on, and what comes late counts for nothing.
   *
   * @param limit what of a thousand steps 999 stay within
   */
  static String slow(int faults, Duration nap, Duration deadline, Duration limit) throws Exception {
    AtomicInteger closed = new AtomicInteger();
    FakeModel model = new FakeModel(-3, 1, closed::incrementAndGet);
    ExecutorService pool = Executors.newCachedThreadPool();
    Guard guard = new Guard(FALLBACK, line -> {}).with(new Deadline(pool, deadline));
    Watcher watcher = new Watcher(new FakeSource(version -> model), guard, System::nanoTime);
    Random random = new Random(8);
    long[] all = new long[2 * RUN_STEPS * faults];
    int seen = 0;
    AtomicInteger napping = new AtomicInteger();
    for (int run = 0; run < faults; run++) {
      List<Step> steps = LiveRuns.steps(run, RUN_STEPS);
      List<Decision> own = LiveRuns.clean(FakeSource.policy(model), RUN, steps);
      List<Decision> spare = LiveRuns.clean(FALLBACK, RUN, steps);
      int at = 2 + random.nextInt(20);
      int[] calls = {0};
      model.faults = () -> ++calls[0] == at ? napFor(nap, napping) : null;
      GuardedWatch watch = watcher.watch(RUN);
      for (int i = 0; i < steps.size(); i++) {
        long start = System.nanoTime();
        Decision decision = watch.observe(steps.get(i));
        all[seen++] = System.nanoTime() - start;
        assertEquals((watch.hasFallenBack() ? spare : own).get(i).isStop(), decision.isStop(), "run " + run);
      }
      assertTrue(watch.hasFallenBack(), "run " + run);
      model.faults = () -> null;
      watch.close();
    }
    watcher.close();
    int threads = napping.get();
    pool.shutdownNow();
    assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
    // What comes late is no fault. There are fewer where a starving machine makes three in a row, which turn the model off.
    long met = watcher.counts().faults();
    assertTrue(met > 0 && met <= faults, met + " faults");
    assertEquals(1, closed.get());
    assertEquals(0, watcher.modelsHeld());
    long[] sorted = Arrays.copyOf(all, seen);
    String times = times(sorted);
    assertTrue(quantile(sorted, .999) <= limit.toNanos() / 1000.0, times);
    return "%,d scores that slept for %d s, with a deadline of %d ms (%d still slept at the end). All %,d steps: %s"
        .formatted(met, nap.toSeconds(), deadline.toMillis(), threads, seen, times);
  }

  private static FakeModel.Fault napFor(Duration nap, AtomicInteger napping) {
    napping.incrementAndGet();
    try {
      Thread.sleep(nap.toMillis());
      return null;
    } catch (InterruptedException e) {
      return FakeModel.Fault.EXCEPTION;
    } finally {
      napping.decrementAndGet();
    }
  }

  private static String times(long[] nanos) {
    Arrays.sort(nanos);
    return "p50 %.1f us, p99 %.1f us, p99.9 %.1f us, worst %.1f us"
        .formatted(quantile(nanos, .5), quantile(nanos, .99), quantile(nanos, .999), quantile(nanos, 1));
  }

  private static double quantile(long[] sorted, double share) {
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)] / 1000.0;
  }

  /** One long run, then many, a thousand at a time: what is kept does not grow. */
  String endurance(long steps, int runs) throws Exception {
    Watcher watcher = watcher(FakeSource.only(policy));
    GuardedWatch one = watcher.watch(RUN);
    long early = 0;
    for (long i = 1; i <= steps; i++) {
      double value = 1 - 1 / Math.sqrt(i) + .1 * Math.sin(3 * i);
      one.observe(Step.of(i, i, List.of("val_accuracy", "train_loss"), value, -value));
      early = i == steps / 10 ? heap() : early;
    }
    assertFalse(one.hasFallenBack());
    long grownByRun = heap() - early;
    int snapshot = one.snapshot().length;
    one.close();

    List<List<Step>> kinds = new ArrayList<>();
    for (int seed = 0; seed < 16; seed++) {
      kinds.add(LiveRuns.steps(seed, 100));
    }
    int batch = Math.min(1000, runs / 10);
    for (int done = 0; done < runs; done += batch) {
      early = done == runs / 10 / batch * batch ? heap() : early;
      List<GuardedWatch> watches = new ArrayList<>();
      for (int i = 0; i < batch; i++) {
        watches.add(watcher.watch(RUN));
        kinds.get(i % kinds.size()).forEach(watches.get(i)::observe);
      }
      assertTrue(watches.stream().noneMatch(GuardedWatch::hasFallenBack));
      watches.forEach(GuardedWatch::close);
    }
    long grownByRuns = heap() - early;
    assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
    assertTrue(grownByRun < 1 << 20, grownByRun + " bytes more after the long run");
    assertTrue(grownByRuns < 1 << 20, grownByRuns + " bytes more after all runs");
    return "%,d steps in one run (%+d bytes of heap since a tenth of them, its snapshot takes %,d), then %,d runs of 100 points"
            .formatted(steps, grownByRun, snapshot, runs)
        + " (%+d bytes); the heap may have %d MiB".formatted(grownByRuns, Runtime.getRuntime().maxMemory() >> 20);
  }

  /** Bytes that are reachable; one collection may leave what the next one takes. */
  private static long heap() {
    Runtime machine = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, machine.totalMemory() - machine.freeMemory());
    }
    return least;
  }

  /** Steps come again, late, changed or after a restart: it decides as on the clean run. */
  String orders(int orders) throws Exception {
    Watcher watcher = watcher(FakeSource.only(policy));
    long[] counted = new long[3];
    long events = 0;
    long resumed = 0;
    long stops = 0;
    for (int seed = 0; seed < orders; seed++) {
      Random random = new Random(seed);
      List<Step> steps = LiveRuns.steps(seed, RUN_STEPS);
      StopPolicy.Watch clean = policy.watch(RUN);
      GuardedWatch watch = watcher.watch(RUN);
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        Decision expected = clean.observe(step);
        stops += expected.isStop() ? 1 : 0;
        assertSame(expected, clean, watch.observe(step), watch, seed, i);
        events++;
        while (random.nextInt(3) == 0) {
          events++;
          switch (random.nextInt(4)) {
            case 0 -> {
              counted[0]++;
              assertSame(expected, clean, watch.observe(step), watch, seed, i);
            }
            case 1 -> {
              if (step.reports("val_accuracy")) {
                counted[1]++;
                Step changed = Step.of(step.index(), step.cost(), "val_accuracy", random.nextDouble());
                assertSame(expected, clean, watch.observe(changed), watch, seed, i);
              }
            }
            case 2 -> {
              Step old = steps.get(random.nextInt(i + 1));
              if (old.index() < step.index()) {
                counted[2]++;
                assertSame(Decision.CONTINUE, clean, watch.observe(old), watch, seed, i);
              }
            }
            default -> {
              resumed++;
              byte[] snapshot = watch.snapshot();
              watch.close();
              watch = watcher.resume(RUN, snapshot);
            }
          }
        }
      }
      watch.close();
    }
    assertEquals(new Counts(0, counted[0], counted[1], counted[2], 0), watcher.counts());
    assertTrue(stops > orders / 10, stops + " stops");
    return "%,d orders of %,d events (%,d repeated, %,d changed, %,d late, %,d restarts) decide as their clean runs, %,d times to stop"
        .formatted(orders, events, counted[0], counted[1], counted[2], resumed, stops);
  }

  private static void assertSame(
      Decision expected, StopPolicy.Watch clean, Decision decision, GuardedWatch watch, int seed, int step) {
    if (expected.isStop() != decision.isStop()
        || Double.doubleToLongBits(clean.score()) != Double.doubleToLongBits(watch.score())) {
      throw new AssertionError(
          "order %d, step %d: %s with score %s, but %s with score %s"
              .formatted(seed, step, expected, clean.score(), decision, watch.score()));
    }
  }

  /**
   * Many runs at once, each passed on from thread to thread as schedulers do: every one is decided as if it were alone.
   */
  String manyRuns(int runs, int threads) throws Exception {
    Watcher watcher = watcher(FakeSource.only(policy));
    List<RunContext> contexts = new ArrayList<>();
    List<List<Step>> steps = new ArrayList<>();
    List<GuardedWatch> watches = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      contexts.add(LiveRuns.context("r" + i, i));
      steps.add(LiveRuns.steps(i, RUN_STEPS));
      watches.add(watcher.watch(contexts.get(i)));
    }
    int longest = steps.stream().mapToInt(List::size).max().orElseThrow();
    double[][] scores = new double[runs][longest];
    boolean[][] stops = new boolean[runs][longest];
    CyclicBarrier round = new CyclicBarrier(threads);
    AtomicInteger thread = new AtomicInteger();
    run(
        threads,
        () -> {
          int own = thread.getAndIncrement();
          for (int i = 0; i < longest; i++) {
            for (int k = (own + i) % threads; k < runs; k += threads) {
              if (i < steps.get(k).size()) {
                stops[k][i] = watches.get(k).observe(steps.get(k).get(i)).isStop();
                scores[k][i] = watches.get(k).score();
              }
            }
            round.await();
          }
          return null;
        });
    long decisions = 0;
    long stopping = 0;
    for (int k = 0; k < runs; k++) {
      assertFalse(watches.get(k).hasFallenBack());
      watches.get(k).close();
      StopPolicy.Watch alone = policy.watch(contexts.get(k));
      for (int i = 0; i < steps.get(k).size(); i++) {
        boolean stop = alone.observe(steps.get(k).get(i)).isStop();
        assertEquals(stop, stops[k][i], "run " + k + ", step " + i);
        assertEquals(alone.score(), scores[k][i], "run " + k + ", step " + i);
        decisions++;
        stopping += stop ? 1 : 0;
      }
    }
    assertNotEquals(0, stopping);
    assertEquals(new Counts(0, 0, 0, 0, 0), watcher.counts());
    watcher.close();
    assertEquals(0, watcher.modelsHeld());
    return "%,d runs at once on %d threads, %,d decisions and scores (%,d to stop), all as in a replay on one thread"
        .formatted(runs, threads, decisions, stopping);
  }
}
