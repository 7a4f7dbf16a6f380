package io.stopcast.live;

import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Advice;
import io.stopcast.policy.Decision;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.Direction;
import io.stopcast.run.End;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A watch that writes a line for each step, with the decision and, where the policy knows it, the probability that stopping is right. A
 * change that is asked for is an object {@code advice} of its step, see {@link DecisionLog}. Once a policy that draws
 * ({@link io.stopcast.policy.Stochastic}) has said stop, a line has its {@code propensity} too.
 *
 * <p>It writes on the caller's thread: a step takes as long as it takes to hand a line to the operating system, some microseconds on a
 * local disk, and a stop also what its reason costs. A process that dies leaves a file that can be read up to its last whole line.
 *
 * <p>It never throws because of what it writes: what cannot be written ends the recording, {@link #failure} tells why, and decisions go on
 * as before. Metrics and parameters whose names have more than {@value #LONGEST_NAME} characters are left out, longer texts than
 * {@value #LONGEST_TEXT} are cut: importing has limits.
 *
 * <p>Close it, saying how the run ended; nobody can learn from a run of which that is not known.
 */
public final class Recording implements StopPolicy.Watch, AutoCloseable {
  static final int LONGEST_NAME = 340;
  static final int LONGEST_TEXT = 1 << 14;

  private final StopPolicy.Watch watch;
  private final JsonLine line = new JsonLine();
  private RecordingFile file;
  private Exception failure;

  Recording(RecordingPolicy by, RunContext run, StopPolicy.Watch watch) {
    this.watch = watch;
    try {
      Path path = RecordingFile.of(by.folder(), run);
      file = RecordingFile.open(path);
      header(by, run, file.isResumed());
      file.append(line);
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public Decision observe(Step step) {
    Decision decision = watch.observe(step);
    if (file != null) {
      try {
        step(step, decision);
        file.append(line);
      } catch (IOException | RuntimeException e) { // a reason is put in words by code of any policy
        fail(e);
      }
    }
    return decision;
  }

  @Override
  public double score() {
    return watch.score();
  }

  @Override
  public Optional<Outlook> outlook() {
    return watch.outlook();
  }

  @Override
  public Optional<Attribution> attribution() {
    return watch.attribution();
  }

  @Override
  public double propensity() {
    return watch.propensity();
  }

  /** Saves the watch within; the file stays where it is. */
  @Override
  public void save(DataOutput out) throws IOException {
    watch.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    watch.restore(in);
  }

  /** What ended the recording before it was closed; empty if nothing did. */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  /** Writes down how the run ended and closes the file. Steps that come after it are decided and not written. */
  public void close(End end) {
    if (file != null) {
      line.clear().open().key("end").text(end.word()).close().lineBreak();
      try {
        file.append(line);
      } catch (IOException e) {
        fail(e);
      }
    }
    close();
  }

  /** Closes the file without a word about the end, which counts as early stopped if the last decision was a stop, else as unknown. */
  @Override
  public void close() {
    RecordingFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  private void fail(Exception e) {
    close();
    failure = e;
  }

  private void header(RecordingPolicy by, RunContext run, boolean resumed) {
    line.clear().open().key("stopcast").text("recording").key("version").number(1);
    if (resumed) {
      line.key("resumed").truth(true);
    }
    text("source", run.source());
    text("task", run.task());
    text("run", run.run());
    line.key("context").open();
    run.parameters().forEach(this::parameter);
    line.close();
    line.key("objective").open();
    text("name", run.objective().metric());
    line.key("goal").text(run.objective().direction() == Direction.MAXIMIZE ? "max" : "min").close();
    if (run.horizon().points() > 0) {
      line.key("planned").number(run.horizon().points());
    }
    if (run.horizon().cost() > 0) {
      line.key("planned_cost").number(run.horizon().cost());
    }
    text("cost_unit", run.costUnit());
    text("policy", by.policy().toString());
    text("started", by.clock().instant().toString());
    line.close().lineBreak();
  }

  private void parameter(String name, Object value) {
    if (name.length() > LONGEST_NAME || value == null) {
      return;
    }
    if (value instanceof Boolean truth) {
      line.key(name).truth(truth);
    } else if (value instanceof Long || value instanceof Integer) {
      line.key(name).number(((Number) value).longValue());
    } else if (value instanceof Number number) {
      line.key(name).number(number.doubleValue());
    } else {
      text(name, value.toString());
    }
  }

  private void step(Step step, Decision decision) {
    line.clear().open().key("step").number(step.index());
    if (!Double.isNaN(step.cost())) {
      line.key("cost").number(step.cost());
    }
    line.key("values").open();
    List<String> names = step.names();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.length() <= LONGEST_NAME && names.indexOf(name) == i) { // a key may come once
        line.key(name).number(step.value(name));
      }
    }
    line.close().key("decision").text(decision.isStop() ? "stop" : "continue");
    Optional<Outlook> outlook = watch.outlook();
    if (outlook.isPresent() && !Double.isNaN(outlook.get().probability())) {
      line.key("probability").number(outlook.get().probability());
    }
    double propensity = watch.propensity();
    if (propensity < 1) {
      line.key("propensity").number(propensity);
    }
    if (decision instanceof Decision.Stop stop) {
      text("reason", stop.reason());
    } else if (decision instanceof Decision.Continue change && change.advice().isPresent()) {
      Advice advice = change.advice().get();
      line.key("advice").open().key("change").text(advice.word()).key(advice.measure()).number(advice.amount());
      text("policy", change.policy());
      text("reason", change.reason());
      line.close();
    }
    line.close().lineBreak();
  }

  private void text(String key, String text) {
    line.key(key).text(text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT));
  }
}
