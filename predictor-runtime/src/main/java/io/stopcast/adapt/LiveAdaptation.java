package io.stopcast.adapt;

import io.stopcast.live.Json;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An {@link Adaptation} at work: its state in a file, and a log of what it chose and what it learned.
 *
 * <pre>{@code
 * try (LiveAdaptation adaptation = LiveAdaptation.open(Adaptation.of(candidates, grouping, 0.1), file, log::println)) {
 *   StopPolicy.Watch watch = adaptation.watch(run);           // at its start; again after a restart: the same policy
 *   ...
 *   adaptation.ended(recorded, priors.of(run).scale());       // however it ended
 * }
 * }</pre>
 *
 * <p>Each change is in the file before it counts and before it is logged: written beside it, forced to the disk, and moved into its place. What
 * cannot be written has not happened. One process at a time: another one that opens the file is refused. Safe for any thread; a call takes
 * as long as writing the state, a few milliseconds with hundreds of runs under way. A run without a name of its own shares what the
 * others of its task without one are given.
 *
 * <p>The log has a JSON object a line:
 *
 * <pre>
 * {"event":"chosen","run":"r1","task":"t","family":"f","given":"patience","exempt":false,"propensity":0.85,"leader":"patience","chances":[...],
 *  "before":"...","after":"..."}
 * {"event":"learned","run":"r1","task":"t","family":"f","given":"patience","propensity":0.85,"shown":0.9,"loss":0.07,"losses":[...],
 *  "leader_before":"patience","leader_after":"learned","chances_after":[...],"before":"...","after":"..."}
 * {"event":"hidden","run":"r2","task":"t","given":"patience","propensity":0.85,"ended":"early_stopped","before":"...","after":"..."}
 * </pre>
 *
 * (each on one line). {@code before} and {@code after} are {@link AdaptationState#digest} of the states; {@code given} is null for an exempt
 * run; {@code loss} is that of what the run was given; {@code chances} and {@code losses} are in the order of the candidates.
 */
public final class LiveAdaptation implements AutoCloseable {
  private static final int LONGEST_STATE = 64 << 20;

  private final Adaptation adaptation;
  private final Path file;
  private final Consumer<String> log;
  private final FileChannel lockFile;
  private final FileLock lock;
  private AdaptationState state;

  private LiveAdaptation(
      Adaptation adaptation, Path file, Consumer<String> log, FileChannel lockFile, FileLock lock, AdaptationState state) {
    this.adaptation = adaptation;
    this.file = file;
    this.log = log;
    this.lockFile = lockFile;
    this.lock = lock;
    this.state = state;
  }

  /**
   * Goes on from the file, or begins anew if there is none.
   *
   * @param file where the state is kept; its folder must exist. Beside it lie {@code file.lock}, and {@code file.draft} while it is written
   * @param log is given each line, on the thread that caused it
   * @throws AdaptationStateException if the file is damaged, of another version, or no state
   * @throws IllegalArgumentException if it is the state of another adaptation
   * @throws IOException if it cannot be read, or somebody else is at it
   */
  public static LiveAdaptation open(Adaptation adaptation, Path file, Consumer<String> log) throws IOException {
    Objects.requireNonNull(log, "log");
    FileChannel lockFile = FileChannel.open(beside(file, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = lock(lockFile, file);
      AdaptationState state = Files.exists(file) ? read(file) : adaptation.start();
      state.requireOf(adaptation);
      return new LiveAdaptation(adaptation, file, log, lockFile, lock, state);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileLock lock(FileChannel lockFile, Path file) throws IOException {
    FileLock lock = null;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      // by this very process
    }
    if (lock == null) {
      throw new IOException(file + " is in use: two that learn into one state would lose what the other one learned; give each its own");
    }
    return lock;
  }

  private static AdaptationState read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_STATE + 1);
      if (bytes.length > LONGEST_STATE) {
        throw new AdaptationStateException(file + " is longer than the " + LONGEST_STATE + " bytes that a state may have");
      }
      return AdaptationState.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (AdaptationStateException e) {
      throw new AdaptationStateException(file + ": " + e.getMessage(), e);
    }
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  /** What is known so far. */
  public synchronized AdaptationState state() {
    return state;
  }

  /**
   * Returns what a run is given: what it was given before, if it has not ended.
   *
   * @throws IOException if that cannot be written; nothing was given then
   */
  public synchronized Choice choose(RunContext run) throws IOException {
    Optional<Choice> before = state.given(run);
    if (before.isPresent()) {
      return before.get();
    }
    Choice choice = adaptation.choose(state, run);
    change(
        state.giving(run, choice),
        line("chosen", run)
            .put("family", choice.family())
            .put("given", given(choice))
            .put("exempt", choice.isExempt())
            .put("propensity", choice.propensity())
            .put("leader", name(choice.leader()))
            .put("chances", choice.chances()));
    return choice;
  }

  /**
   * Starts watching a run with what it is given.
   *
   * @throws IOException if that cannot be written; nothing was given then
   */
  public StopPolicy.Watch watch(RunContext run) throws IOException {
    return choose(run).policy(adaptation).watch(run);
  }

  /**
   * Takes note of how a run ended that was given something, and learns from it if it came to its own end.
   *
   * @param run as it was recorded to its end, stopped or not
   * @param scale see {@link FullRun#of}; where nothing is known, NaN
   * @throws IllegalArgumentException if the run was not given anything, or has come to its own end although it was given what stops it
   * @throws IOException if that cannot be written; it was not learned then
   */
  public synchronized void ended(Run run, double scale) throws IOException {
    RunContext context = run.context();
    Choice choice =
        state
            .given(context)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "run '%s' of task '%s' was not given anything here, or has ended already; a run that nothing has stopped can be learned"
                                .formatted(context.run(), context.task())
                            + " from by shown"));
    if (!FullRun.isShownBy(run)) {
      change(
          state.ended(context).withHidden(),
          line("hidden", context)
              .put("given", given(choice))
              .put("propensity", choice.propensity())
              .put("ended", run.end().word()));
      return;
    }
    FullRun full = FullRun.of(run, scale);
    Losses losses = Losses.of(adaptation, full);
    double shown = adaptation.shown(losses, full, choice);
    learn(context, state.ended(context), choice.family(), losses, shown, Optional.of(choice));
  }

  /**
   * Learns from a run that nothing of this has stopped, such as one of a history or one that was watched in the shadow.
   *
   * @param scale see {@link FullRun#of}; where nothing is known, NaN
   * @throws IllegalArgumentException if it has not come to its own end
   * @throws IOException if that cannot be written; it was not learned then
   */
  public synchronized void shown(Run run, double scale) throws IOException {
    Losses losses = Losses.of(adaptation, FullRun.of(run, scale));
    learn(run.context(), state, adaptation.grouping().family(run.context()), losses, 1, Optional.empty());
  }

  private void learn(
      RunContext run, AdaptationState from, String family, Losses losses, double shown, Optional<Choice> choice) throws IOException {
    AdaptationState next = adaptation.learn(from, family, losses.losses(), shown);
    Choice after = adaptation.choose(next, run);
    double loss =
        choice.map(c -> c.isExempt() ? adaptation.price() : losses.losses()[c.candidate()]).orElse(Double.NaN);
    change(
        next,
        line("learned", run)
            .put("family", family)
            .put("given", choice.map(this::given).orElse(null))
            .put("propensity", choice.map(Choice::propensity).orElse(1.0))
            .put("shown", shown)
            .put("loss", loss)
            .put("losses", losses.losses())
            .put("leader_before", name(from.known(family, adaptation.borrowed()).leader()))
            .put("leader_after", name(after.leader()))
            .put("chances_after", after.chances()));
  }

  private static Json line(String event, RunContext run) {
    return new Json().put("event", event).put("run", run.run()).put("task", run.task());
  }

  /** Null for an exempt run. */
  private String given(Choice choice) {
    return choice.isExempt() ? null : name(choice.candidate());
  }

  private String name(int candidate) {
    return adaptation.candidates().get(candidate).name();
  }

  private void change(AdaptationState next, Json what) throws IOException {
    if (!lock.isValid()) {
      throw new IOException(file + " was closed");
    }
    Path draft = beside(file, ".draft");
    ByteBuffer text = ByteBuffer.wrap(next.format().getBytes(StandardCharsets.UTF_8));
    try (FileChannel out =
        FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    String line = what.put("before", state.digest()).put("after", next.digest()).toString();
    state = next;
    log.accept(line);
  }

  /** Lets others open the file. */
  @Override
  public synchronized void close() throws IOException {
    lockFile.close();
  }
}
