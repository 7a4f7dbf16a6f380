package io.stopcast.live;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Budget;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The watch of a live run, which never harms it: {@link #observe} throws nothing but errors of a virtual machine that is
 * lost, takes no lock and does no I/O of its own. How long a scorer takes is its own: one in plain Java takes a microsecond;
 * for one that may hang the guard has a {@link Deadline}.
 *
 * <p>If the model or the features fail, be it by an exception, a stack overflow, a class that cannot be linked, memory that
 * is out, a score of NaN or none before the deadline, the {@link Guard}'s fallback policy decides that step and all later ones
 * of the run. If that fails too, the run goes on to its end. A {@link Budget}, if the watch was started with one, stops it once
 * that is spent, whoever decides.
 *
 * <p>A change of the run that a policy asks for ({@link Decision#advice}) is that of whoever decides at the step: the learned policy with what
 * the guard puts around it, or the fallback. It is asked for once, not again where its step is repeated.
 *
 * <p>Steps may come as they come. One that is older than the last is ignored. One that came already is ignored, and the
 * decision repeated; so it is if it comes with another value, for the features have seen the first. A negative or infinite
 * cost is taken for unknown. All of it is counted ({@link Watcher#counts}). It decides as the policy does
 * in replay; a point whose value is NaN never stops a run, even if a policy of the user's says so.
 *
 * <p>Used by one thread at a time. Close it when the run ends: a model with native memory is held until then. It keeps 3.6
 * kB whatever its length, with a patience to fall back on; a kilobyte more, and 24 bytes for each, for a task with earlier
 * runs.
 */
public final class GuardedWatch implements StopPolicy.Watch, AutoCloseable {
  private static final int LONGEST_REASON = 1 << 12;

  private final RunContext run;
  private final Guard guard;
  private final Deadline deadline;
  private final Incidents incidents;
  private final LiveModel model;
  private final RunLog log;
  private final Budget budget;
  private final StopPolicy.Watch spending;
  private final StepOrder order = new StepOrder();
  private StopPolicy.Watch learned;
  private StopPolicy.Watch fallback;
  private Decision last = Decision.CONTINUE;
  private double best = Double.NaN;
  private long bestStep;
  private boolean stopped;
  private long stoppedAt;
  private boolean closed;

  /** Where the best value so far was: after a stop, what the run is worth. */
  public record Best(long step, double value) {}

  /**
   * Starts watching.
   *
   * @param model held for this watch, and let go when it is closed; null if there is none
   * @param budget null for none
   * @param log null for none
   */
  GuardedWatch(RunContext run, LiveModel model, Guard guard, Incidents incidents, Budget budget, DecisionLog log) {
    this.run = run;
    this.model = model;
    this.guard = guard;
    this.deadline = guard.deadline().orElse(null);
    this.incidents = incidents;
    this.budget = budget;
    this.spending = budget == null ? null : budget.watch(run);
    this.log = log == null || model == null ? null : new RunLog(log, run, model);
    try {
      fallback = Objects.requireNonNull(guard.fallback().watch(run), "watch");
    } catch (Throwable fault) {
      fallbackFailed(fault);
    }
    if (model != null && !model.isOff()) {
      try {
        LearnedPolicy policy = this.log == null ? model.policy() : this.log.listenTo(model.policy());
        StopPolicy all = guard.around().apply(policy);
        if (this.log != null) {
          this.log.decidedBy(all, policy);
        }
        learned = Objects.requireNonNull(all.watch(run), "watch");
      } catch (Throwable fault) {
        modelFailed(fault);
      }
    }
  }

  /** Writes the first line of the log. */
  void begin(boolean resumed) {
    if (log != null) {
      try {
        log.begin(order.newest(), resumed);
      } catch (Throwable fault) {
        failed("the decision log", fault);
      }
    }
  }

  @Override
  public Decision observe(Step step) {
    if (closed) {
      return Decision.CONTINUE;
    }
    try {
      return judge(step);
    } catch (Throwable fault) {
      try {
        failed("a step", fault);
      } catch (StackOverflowError again) {
        incidents.faults.incrementAndGet(); // there is no room to tell
      }
      return Decision.CONTINUE;
    }
  }

  private Decision judge(Step step) {
    boolean isPoint = run.objective().isReportedBy(step);
    double gain = isPoint ? run.objective().gain(step) : Double.NaN;
    switch (order.judge(step, isPoint, gain)) {
      case OLD:
        incident(incidents.old.incrementAndGet(), "W-RT-021", step, " after step " + order.newest() + " ignored");
        return Decision.CONTINUE;
      case REPEATED:
        incidents.repeated.incrementAndGet();
        return isPoint ? answer(last) : Decision.CONTINUE; // a change is asked for once
      case CHANGED:
        incident(incidents.changed.incrementAndGet(), "W-RT-022", step, " came again with another value, too late");
        return answer(last);
      default:
        return take(step, isPoint, gain);
    }
  }

  private Decision take(Step given, boolean isPoint, double gain) {
    Step step = given;
    if (given.cost() < 0 || Double.isInfinite(given.cost())) {
      incident(incidents.unusableCosts.incrementAndGet(), "W-RT-023", given, " has a cost that is taken for unknown");
      step = given.withCost(Double.NaN);
    }
    Decision spent = spending == null ? Decision.CONTINUE : spending.observe(step);
    Decision spare = askFallback(step);
    Decision own = askModel(step, isPoint);
    if (!isPoint) {
      return Decision.CONTINUE;
    }
    Decision asked = own == null ? spare : own;
    boolean byBudget = spent.isStop() && !asked.isStop();
    // What every policy keeps, kept for those that do not.
    Decision decision = Double.isNaN(gain) ? Decision.CONTINUE : byBudget ? spent : asked;
    last = decision.isStop() ? decision : Decision.CONTINUE;
    if (Double.isFinite(gain) && !(gain <= best)) {
      best = gain;
      bestStep = step.index();
    }
    boolean firstStop = decision.isStop() && !stopped;
    if (firstStop) {
      stopped = true;
      stoppedAt = step.index();
    }
    if (log != null) {
      String by = byBudget ? "budget" : own == null ? "fallback" : "model";
      write(step, gain, decision, own == null ? Double.NaN : learned.score(), by, firstStop);
    }
    return answer(decision);
  }

  private Decision answer(Decision decision) {
    return log != null && log.isShadow() ? Decision.CONTINUE : decision;
  }

  private Decision askFallback(Step step) {
    try {
      return fallback == null ? Decision.CONTINUE : Objects.requireNonNull(fallback.observe(step), "decision");
    } catch (Throwable fault) {
      fallbackFailed(fault);
      return Decision.CONTINUE;
    }
  }

  /** Null if the model cannot answer. */
  private Decision askModel(Step step, boolean isPoint) {
    if (learned == null) {
      return null;
    }
    if (model.isOff()) {
      learned = null;
      return null;
    }
    try {
      Decision decision =
          deadline == null
              ? learned.observe(step)
              : new Question(learned, step, model, this::releaseModel).ask(deadline);
      if (isPoint && !Double.isNaN(learned.score())) {
        model.answered(); // here, where no answer counts that came too late
      }
      return decision;
    } catch (Throwable fault) {
      modelFailed(fault);
      return null;
    }
  }

  private void write(Step step, double gain, Decision decision, double score, String by, boolean firstStop) {
    try {
      log.point(step, run.objective().gain(gain), decision, score, by, firstStop);
    } catch (Throwable fault) {
      failed("the decision log", fault);
    }
  }

  private void modelFailed(Throwable fault) {
    learned = null; // before all else, for what follows may run out of stack
    boolean turnsOff = model.failed();
    failed("scoring", fault);
    if (turnsOff) {
      incidents.tellNow(
          "W-RT-011 %d faults in a row: model %s is off until there is another one; all runs fall back to %s"
              .formatted(LiveModel.MOST_FAULTS, model.version(), guard.fallback()));
    }
  }

  private void fallbackFailed(Throwable fault) {
    fallback = null;
    failed("the fallback policy", fault);
  }

  private void failed(String what, Throwable fault) {
    Faults.passIfFatal(fault);
    incidents.faults.incrementAndGet();
    incidents.tell(
        () ->
            "W-RT-010 %s failed (%s: %s); run %s goes on with %s"
                .formatted(
                    what,
                    fault.getClass().getSimpleName(),
                    Json.quoted(String.valueOf(fault.getMessage())),
                    Json.quoted(run.run()),
                    learned != null ? "the model" : fallback != null ? guard.fallback() : "nobody who would stop it"));
  }

  private void incident(long count, String code, Step step, String what) {
    incidents.tell(
        () ->
            "%s run %s: step %d%s (%d of this kind so far)"
                .formatted(code, Json.quoted(run.run()), step.index(), what, count));
  }

  /** The model's last score; NaN while there is none, and once the run has fallen back. */
  @Override
  public double score() {
    return learned == null ? Double.NaN : learned.score();
  }

  @Override
  public Optional<Outlook> outlook() {
    return learned == null ? Optional.empty() : told("the outlook", learned::outlook);
  }

  @Override
  public Optional<Attribution> attribution() {
    return learned == null ? Optional.empty() : told("the attribution", learned::attribution);
  }

  /** That of what the guard puts around the learned policy, if that draws; 1 once it has failed, for what decides then draws nothing. */
  @Override
  public double propensity() {
    return learned == null ? 1 : learned.propensity();
  }

  private <T> Optional<T> told(String what, Supplier<Optional<T>> question) {
    try {
      return question.get();
    } catch (Throwable fault) {
      failed(what, fault);
      return Optional.empty();
    }
  }

  /** The best value so far; empty before the first finite one. */
  public Optional<Best> best() {
    return Double.isNaN(best) ? Optional.empty() : Optional.of(new Best(bestStep, run.objective().gain(best)));
  }

  /** Whether the fallback policy decides, because the model failed or there is none. */
  public boolean hasFallenBack() {
    return learned == null;
  }

  /** The version of the model that this run started with; empty if there was none. */
  public Optional<String> modelVersion() {
    return Optional.ofNullable(model).map(LiveModel::version);
  }

  /**
   * Returns all that {@link Watcher#resume} needs to go on as if the run had never been interrupted: one to three kilobytes,
   * more with earlier runs.
   *
   * @throws SnapshotException if this watch is closed, has no model, or its fallback policy cannot be saved
   */
  public byte[] snapshot() throws SnapshotException {
    if (closed || model == null) {
      throw new SnapshotException(
          "a watch that %s cannot be saved".formatted(closed ? "is closed" : "has no model"));
    }
    try {
      ByteArrayOutputStream memory = new ByteArrayOutputStream(4096);
      save(new DataOutputStream(memory));
      return new Snapshot(
              Snapshot.SCHEMA,
              Digest.of(run),
              terms(),
              model.version(),
              model.sha256(),
              memory.toByteArray())
          .bytes();
    } catch (IOException | RuntimeException e) {
      throw new SnapshotException("the watch of run %s cannot be saved: %s".formatted(Json.quoted(run.run()), e), e);
    }
  }

  private long terms() {
    LearnedPolicy policy = model.policy();
    StopPolicy all = guard.around().apply(policy);
    String around = all.equals(policy) ? "" : ", as " + all;
    String price = "price " + policy.price();
    String asked = policy.limit().map(limit -> price + " within " + limit.format()).orElse(price);
    String always = asked + ", fallback " + guard.fallback() + around;
    return Digest.of(budget == null ? always : always + ", " + budget);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    order.save(out);
    out.writeDouble(best);
    out.writeLong(bestStep);
    out.writeBoolean(stopped);
    out.writeLong(stoppedAt);
    out.writeBoolean(last.isStop());
    if (last instanceof Decision.Stop stop) {
      saveText(out, stop.policy());
      saveText(out, stop.reason());
    }
    save(out, fallback);
    save(out, learned);
    if (spending != null) {
      spending.save(out);
    }
  }

  private static void saveText(DataOutput out, String text) throws IOException {
    byte[] bytes = text.substring(0, Math.min(text.length(), LONGEST_REASON)).getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private static void save(DataOutput out, StopPolicy.Watch watch) throws IOException {
    out.writeBoolean(watch != null);
    if (watch != null) {
      watch.save(out);
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    order.restore(in);
    best = in.readDouble();
    bestStep = in.readLong();
    stopped = in.readBoolean();
    stoppedAt = in.readLong();
    last = in.readBoolean() ? new Decision.Stop(readText(in), readText(in)) : Decision.CONTINUE;
    fallback = restore(in, fallback);
    learned = restore(in, learned);
    if (spending != null) {
      spending.restore(in);
    }
  }

  private static String readText(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static StopPolicy.Watch restore(DataInput in, StopPolicy.Watch watch) throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    if (watch == null) {
      throw new IOException("a policy that was at work then is not now");
    }
    watch.restore(in);
    return watch;
  }

  /** Takes over what a snapshot holds, or fails. */
  void restore(Snapshot saved) throws SnapshotException {
    if (saved.terms() != terms()) {
      throw new SnapshotException(
          ("the snapshot was taken at another price, with another fallback policy or with another budget than %s, %s and %s;"
                  + " resume with the same")
              .formatted(model.policy().price(), guard.fallback(), budget == null ? "none" : budget));
    }
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved.memory()));
      restore(in);
      if (in.read() >= 0) {
        throw new IOException("something is left over");
      }
    } catch (IOException | RuntimeException e) {
      throw new SnapshotException(
          "the snapshot of run %s cannot be read: %s".formatted(Json.quoted(run.run()), e.getMessage()), e);
    }
  }

  /** Ends the watch of a run of which nobody says how it ended, as {@link #close(End)}. */
  @Override
  public void close() {
    close(End.UNKNOWN);
  }

  /**
   * Ends the watch: its model is let go, and closed if this run was the last to use it. Does not throw. The first call
   * counts.
   *
   * @param end how the run ended, for the decision log: only a run that ended by itself shows what stopping would have lost
   */
  public void close(End end) {
    Objects.requireNonNull(end, "end");
    if (closed) {
      return;
    }
    closed = true;
    learned = null;
    fallback = null;
    try {
      if (log != null) {
        log.end(end, best(), stopped, stoppedAt);
      }
    } catch (Throwable fault) {
      failed("the decision log", fault);
    }
    if (model != null) {
      releaseModel();
    }
  }

  private void releaseModel() {
    try {
      model.release();
    } catch (Throwable fault) {
      failed("closing a model", fault);
    }
  }
}
