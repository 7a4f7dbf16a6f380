package io.stopcast.live;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Where a run's decisions are written, one JSON object a line, and whether they are acted upon.
 *
 * <p>The first line tells the run and the model, the last one, written when the watch is closed, how it ended. Between them
 * stands one line for each step that reports the objective:
 *
 * <pre>
 * {"run":"r1","step":12,"cost":12.0,"value":0.81,"features":"9f3c...","score":0.657,"threshold":0.653,"model":"0001",
 *  "by":"model","decision":"stop","reason":"..."}
 * </pre>
 *
 * <p>(on one line). {@code features} is FNV-1a of 64 bits over the bits of all features, the price included; it is null, like
 * the score, where the model was not asked. {@code by} is model, fallback or budget. Only the first stop has a reason. A step at
 * which a change is asked for has {@code "advice":{"change":"reduce_learning_rate","factor":0.5,"policy":"...","reason":"..."}} as well, the
 * number called {@code layers} where layers are frozen or taken out. Numbers that JSON cannot write are null. Of a policy that keeps within
 * a limit on the regret the first line has it, as {@code limit}, and for whom it is kept, as {@code unit}, run or task. Where a {@link
 * io.stopcast.policy.Stochastic} of that policy decides, drawn once a run, it has {@code stop_probability}, and whether this run is {@code exempt} from
 * stopping: so an acting log shows, too, what stopping loses. The last line has
 * {@code ended}, as given to {@link
 * GuardedWatch#close(io.stopcast.run.End)}, and how many steps were logged, so that a line that is missing shows.
 *
 * @param lines is given each line, on the thread of the run: what it does with it, and how quickly, is its own business. Once
 *     it has thrown, it is not called again for that run
 * @param shadow whether the run goes on whatever is decided, its budget included
 * @param mostLines how many steps are logged; of those beyond only the first stop is
 */
public record DecisionLog(Consumer<String> lines, boolean shadow, long mostLines) {
  private static final long MOST_LINES = 100_000;

  public DecisionLog {
    Objects.requireNonNull(lines, "lines");
    if (mostLines < 1) {
      throw new IllegalArgumentException("a decision log must have at least 1 line, but was to have " + mostLines);
    }
  }

  /** A log of at most 100,000 steps of a run whose decisions count. */
  public static DecisionLog acting(Consumer<String> lines) {
    return new DecisionLog(lines, false, MOST_LINES);
  }

  /** A log of at most 100,000 steps of a run that is never stopped. */
  public static DecisionLog shadow(Consumer<String> lines) {
    return new DecisionLog(lines, true, MOST_LINES);
  }
}
