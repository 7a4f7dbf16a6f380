package io.stopcast.live;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.RegretLimit;
import io.stopcast.policy.Budget;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Watches live runs with a model, which may change while they go on.
 *
 * <pre>
 * Watcher watcher = Watcher.following(Path.of("models"), "champion", 0.1);
 * GuardedWatch watch = watcher.watch(run);
 * if (watch.observe(step) instanceof Decision.Stop stop) { log.info(stop.reason()); break; }
 * </pre>
 *
 * <p>One watcher serves any number of runs and threads; each {@link GuardedWatch} belongs to one run. It starts no thread: a
 * new model is only looked for when somebody calls {@link #refresh}. A run keeps the model that it started with.
 */
public final class Watcher implements AutoCloseable {
  private final ModelSource source;
  private final Guard guard;
  private final Incidents incidents;
  private final ConcurrentMap<String, LiveModel> models = new ConcurrentHashMap<>();
  private final AtomicReference<LiveModel> current = new AtomicReference<>();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private volatile String refusal;

  Watcher(ModelSource source, Guard guard, LongSupplier nanoTime) throws IOException, ModelRejectedException {
    this.source = source;
    this.guard = guard;
    incidents = new Incidents(guard.warnings(), nanoTime);
    current.set(hold(source.changedFrom(null).orElseThrow()));
  }

  /**
   * Watches with one model, and falls back to going on.
   *
   * @param model an .onnx file
   * @param price what a full run's compute is worth, in units of what the task has to gain
   */
  public static Watcher of(Path model, double price) throws ModelRejectedException {
    return of(model, price, Guard.DEFAULT);
  }

  /** Watches with one model. */
  public static Watcher of(Path model, double price, Guard guard) throws ModelRejectedException {
    return of(model, file -> LearnedPolicy.of(file, price), guard);
  }

  /**
   * Watches with one model and stops within what it promises, see {@link LearnedPolicy#within(ModelFile, RegretLimit)}; falls back to
   * going on.
   *
   * @throws IllegalArgumentException if the model does not promise that much
   */
  public static Watcher of(Path model, RegretLimit limit) throws ModelRejectedException {
    return of(model, limit, Guard.DEFAULT);
  }

  /** Watches with one model and stops within what it promises. */
  public static Watcher of(Path model, RegretLimit limit, Guard guard) throws ModelRejectedException {
    return of(model, file -> LearnedPolicy.within(file, limit), guard);
  }

  private static Watcher of(Path model, Function<ModelFile, LearnedPolicy> terms, Guard guard) throws ModelRejectedException {
    try {
      return new Watcher(ModelSource.of(model, terms), guard, System::nanoTime);
    } catch (IOException e) {
      throw new AssertionError("the file was read before", e);
    }
  }

  /**
   * Watches with the model that an alias names, and falls back to going on.
   *
   * @param registry the folder of published models
   * @param alias such as {@code champion}
   * @param price what a full run's compute is worth, in units of what the task has to gain
   */
  public static Watcher following(Path registry, String alias, double price)
      throws IOException, ModelRejectedException {
    return following(registry, alias, price, Guard.DEFAULT);
  }

  /** Watches with the model that an alias names. */
  public static Watcher following(Path registry, String alias, double price, Guard guard)
      throws IOException, ModelRejectedException {
    return new Watcher(new RegistryAlias(registry, alias, file -> LearnedPolicy.of(file, price)), guard, System::nanoTime);
  }

  /**
   * Watches with the model that an alias names and stops within what it promises, see {@link LearnedPolicy#within(ModelFile,
   * RegretLimit)}; falls back to going on. A new model that does not promise that much is refused by {@link #refresh}.
   *
   * @throws IllegalArgumentException if the model does not promise that much
   */
  public static Watcher following(Path registry, String alias, RegretLimit limit)
      throws IOException, ModelRejectedException {
    return following(registry, alias, limit, Guard.DEFAULT);
  }

  /** Watches with the model that an alias names and stops within what it promises. */
  public static Watcher following(Path registry, String alias, RegretLimit limit, Guard guard)
      throws IOException, ModelRejectedException {
    return new Watcher(new RegistryAlias(registry, alias, file -> LearnedPolicy.within(file, limit)), guard, System::nanoTime);
  }

  /** Starts watching a run. Does not fail: without a model that works the fallback policy decides. */
  public GuardedWatch watch(RunContext run) {
    return start(run, null, null);
  }

  /** Starts watching a run, and logs what is decided. */
  public GuardedWatch watch(RunContext run, DecisionLog log) {
    return start(run, null, log);
  }

  /**
   * Starts watching a run that stops, at the latest, at the point at which its budget is spent: whatever the model says, and
   * also after it has failed. A stop of the model's own comes first.
   */
  public GuardedWatch watch(RunContext run, Budget budget) {
    return start(run, Objects.requireNonNull(budget, "budget"), null);
  }

  /** Starts watching a run with a budget, and logs what is decided. */
  public GuardedWatch watch(RunContext run, Budget budget, DecisionLog log) {
    return start(run, Objects.requireNonNull(budget, "budget"), log);
  }

  private GuardedWatch start(RunContext run, Budget budget, DecisionLog log) {
    GuardedWatch watch = new GuardedWatch(run, holdCurrent(), guard, incidents, budget, log);
    watch.begin(false);
    return watch;
  }

  private LiveModel holdCurrent() {
    LiveModel model = current.get();
    while (model != null && !model.acquire()) {
      model = current.get(); // it was replaced and closed just now
    }
    return model;
  }

  /**
   * Goes on with a run as if it had never been interrupted, with the model that it started with.
   *
   * @param run the same context as then
   * @param snapshot what {@link GuardedWatch#snapshot} returned
   * @throws SnapshotException if it is damaged, of another run, price, fallback policy, budget, runtime or feature schema, or
   *     if its model is not there; the run can be watched anew
   */
  public GuardedWatch resume(RunContext run, byte[] snapshot) throws SnapshotException {
    return goOn(run, snapshot, null, null);
  }

  /** Goes on with a run as if it had never been interrupted, and logs what is decided. */
  public GuardedWatch resume(RunContext run, byte[] snapshot, DecisionLog log) throws SnapshotException {
    return goOn(run, snapshot, null, log);
  }

  /** Goes on with a run that was started with the same budget; what was spent then counts. */
  public GuardedWatch resume(RunContext run, byte[] snapshot, Budget budget) throws SnapshotException {
    return goOn(run, snapshot, Objects.requireNonNull(budget, "budget"), null);
  }

  /** Goes on with a run that was started with the same budget, and logs what is decided. */
  public GuardedWatch resume(RunContext run, byte[] snapshot, Budget budget, DecisionLog log) throws SnapshotException {
    return goOn(run, snapshot, Objects.requireNonNull(budget, "budget"), log);
  }

  private GuardedWatch goOn(RunContext run, byte[] bytes, Budget budget, DecisionLog log) throws SnapshotException {
    Snapshot saved = Snapshot.of(bytes);
    if (saved.schema() != Snapshot.SCHEMA) {
      throw new SnapshotException(
          "the snapshot is of another feature schema than v%d of this runtime; resume with the runtime that took it"
              .formatted(FeatureExtractor.schema().version()));
    }
    if (saved.run() != Digest.of(run)) {
      throw new SnapshotException(
          "the snapshot is of another run than %s, or of one whose objective, plan or parameters were others"
              .formatted(Json.quoted(run.run())));
    }
    GuardedWatch watch = new GuardedWatch(run, holdThatOf(saved), guard, incidents, budget, log);
    try {
      watch.restore(saved);
    } catch (SnapshotException e) {
      watch.close();
      throw e;
    }
    watch.begin(true);
    return watch;
  }

  private LiveModel holdThatOf(Snapshot saved) throws SnapshotException {
    LiveModel held = models.get(saved.sha256());
    if (held != null && held.acquire()) {
      return held;
    }
    Loaded loaded;
    try {
      loaded = source.version(saved.version());
    } catch (IOException | ModelRejectedException | RuntimeException e) {
      throw new SnapshotException(
          "model %s, with which the run started, is not there: %s".formatted(Json.quoted(saved.version()), e.getMessage()), e);
    }
    if (!loaded.sha256().equals(saved.sha256())) {
      throw new SnapshotException(
          "model %s is not the one with which the run started: its sha256 is %s, but was %s"
              .formatted(loaded.version(), loaded.sha256(), Json.quoted(saved.sha256())));
    }
    return hold(loaded);
  }

  /** Takes a model that somebody uses already, so that many runs share one, or else this one. */
  private LiveModel hold(Loaded loaded) {
    LiveModel known = models.get(loaded.sha256());
    if (known != null && !known.isOff() && known.acquire()) {
      known.closeUnlessSame(loaded);
      return known;
    }
    LiveModel model = new LiveModel(loaded, closed -> models.remove(closed.sha256(), closed));
    models.put(loaded.sha256(), model);
    return model;
  }

  /**
   * Looks for a new model, and lets runs that start from now on use it. Reads files on the thread of the caller, who should
   * not be in a hurry. A model that cannot be used leaves the current one, and is told once.
   *
   * @return whether there is a new one
   */
  public boolean refresh() {
    LiveModel now = current.get();
    if (now == null || !refreshing.compareAndSet(false, true)) {
      return false;
    }
    try {
      Optional<Loaded> next = source.changedFrom(now.version());
      refusal = null;
      return next.isPresent() && replace(now, hold(next.get()));
    } catch (Throwable fault) {
      Faults.passIfFatal(fault);
      refuse(fault, now);
      return false;
    } finally {
      refreshing.set(false);
    }
  }

  private boolean replace(LiveModel old, LiveModel next) {
    boolean replaced = current.compareAndSet(old, next);
    (replaced ? old : next).release(); // the other if this watcher was closed meanwhile
    return replaced;
  }

  private void refuse(Throwable fault, LiveModel now) {
    String why = String.valueOf(fault);
    if (!why.equals(refusal)) {
      refusal = why;
      incidents.faults.incrementAndGet();
      incidents.tellNow("W-RT-002 no new model: %s. Model %s stays in use.".formatted(why, now.version()));
    }
  }

  /** The version that runs use which start now; empty once this is closed. */
  public Optional<String> modelVersion() {
    return Optional.ofNullable(current.get()).map(LiveModel::version);
  }

  /** What went wrong so far. */
  public Counts counts() {
    return incidents.counts();
  }

  /** How many models are held: the current one and those that runs started with. */
  int modelsHeld() {
    return models.size();
  }

  /** Lets the current model go. Runs go on; those that start later have no model. */
  @Override
  public void close() {
    LiveModel model = current.getAndSet(null);
    if (model != null) {
      model.release();
    }
  }
}
