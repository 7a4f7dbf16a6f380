package io.stopcast.adapt;

import io.stopcast.policy.StopPolicy;
import io.stopcast.policy.Stochastic;
import io.stopcast.run.RunContext;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How a run's policy is chosen among several, by what they would have lost on the runs of its family that have ended: an immutable value,
 * to which what was learned, an {@link AdaptationState}, is given and from which the next one is got.
 *
 * <p><b>What is learned from.</b> A run that was stopped does not show its loss, nor that of any other policy, since regret is measured
 * from the best of the full run. A run that came to its own end shows the losses of <i>all</i> candidates, by playing it to each. So:
 *
 * <ul>
 *   <li>A run that nothing of this has stopped (of a history, watched in the shadow, or exempt throughout) is learned from as it is: {@link
 *       #learn(AdaptationState, FullRun)}. That is full information, and much the fastest.
 *   <li>A run that was given a choice, and came to its own end all the same, stands for those with such a curve that did not: it counts 1 /
 *       (probability of being shown in full), which is that of being exempt plus those of all candidates that let it go on: {@link
 *       #learn(AdaptationState, FullRun, Choice)}. Without exempt runs there would be curves that nobody ever sees.
 *   <li>A run that was stopped, or ended otherwise, tells nothing and is counted only: {@link AdaptationState#hidden}.
 * </ul>
 *
 * <p><b>How it is chosen.</b> By exponential weights on discounted losses ({@code Tally} says how and from where), of which the candidate that
 * looks best has at least {@code 1 - others}. With importance weights that is the full-information cousin of EXP3 (P. Auer, N. Cesa-Bianchi, Y.
 * Freund, R. Schapire, "The Nonstochastic Multiarmed Bandit Problem", 2002), a forecaster whose label is revealed by chance (N. Cesa-Bianchi, G.
 * Lugosi, G. Stoltz, "Minimizing Regret With Label Efficient Prediction", 2005). A family of few runs borrows from all others, each of which
 * counts alike. While nothing is known the first candidate leads.
 *
 * <p>The draw follows from the seed and the names of the run and its task, as {@link Stochastic#drawn} makes it: the same state gives a run
 * the same policy, whenever it is asked. O(candidates * families) a choice, O(candidates * points) a run that is learned from. Safe for any
 * thread; {@link LiveAdaptation} keeps the state in a file.
 *
 * @param candidates at least two, of different names
 * @param grouping which runs are of one family
 * @param price what a full run's compute is worth, in units of what a task has to gain; positive
 * @param limit how many runs may be given something else than what looks best
 * @param memory after how many runs of a family a run's weight has fallen to about a third; above 1, infinite for one that never falls
 * @param borrowed how many runs of all other families stand beside those of a family; at least 0
 * @param seed of all draws
 */
public record Adaptation(
    List<Candidate> candidates, Grouping grouping, double price, ExplorationLimit limit, double memory, double borrowed, long seed) {
  /** Runs of a family that outweigh what others know. */
  private static final double BORROWED = 5;

  /** Runs of a family after which it may well have changed. */
  private static final double MEMORY = 500;

  public Adaptation {
    candidates = List.copyOf(candidates);
    Objects.requireNonNull(grouping, "grouping");
    Objects.requireNonNull(limit, "limit");
    List<String> names = candidates.stream().map(Candidate::name).toList();
    if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("there must be at least 2 candidates, of different names, but they are " + names);
    }
    if (!(price > 0 && price < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("the price must be positive, such as 0.1, but was " + price);
    }
    if (!(memory > 1)) {
      throw new IllegalArgumentException("the memory must be longer than 1 run, but was " + memory);
    }
    if (!(borrowed >= 0 && borrowed < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a family borrows 0 runs or more, but was to borrow " + borrowed);
    }
  }

  /** With a tenth of the runs at most for other candidates, a twentieth exempt, a memory of 500 runs, and 5 runs borrowed. */
  public static Adaptation of(List<Candidate> candidates, Grouping grouping, double price) {
    return new Adaptation(candidates, grouping, price, new ExplorationLimit(0.1, 0.05), MEMORY, BORROWED, 0);
  }

  /** The same with other limits. */
  public Adaptation with(ExplorationLimit other) {
    return new Adaptation(candidates, grouping, price, other, memory, borrowed, seed);
  }

  /** The same with another seed, which draws otherwise. */
  public Adaptation withSeed(long other) {
    return new Adaptation(candidates, grouping, price, limit, memory, borrowed, other);
  }

  /** Nothing was learned yet. */
  public AdaptationState start() {
    return AdaptationState.none(this);
  }

  /**
   * Returns what this run is given.
   *
   * @throws IllegalArgumentException if the state is that of another adaptation
   */
  public Choice choose(AdaptationState state, RunContext run) {
    state.requireOf(this);
    String family = grouping.family(run);
    Tally known = state.known(family, borrowed);
    int leader = known.leader();
    double[] chances = bounded(known.odds(), leader);
    double drawn = Stochastic.drawn(run, seed);
    if (drawn < limit.exempt()) {
      return new Choice(family, -1, leader, chances, limit.exempt());
    }
    double left = (drawn - limit.exempt()) / (1 - limit.exempt());
    int candidate = 0;
    while (candidate < chances.length - 1 && left >= chances[candidate]) {
      left -= chances[candidate++];
    }
    return new Choice(family, chances[candidate] > 0 ? candidate : leader, leader, chances, limit.exempt());
  }

  private double[] bounded(double[] odds, int leader) {
    double others = 1 - odds[leader];
    if (others > limit.others()) {
      Arrays.setAll(odds, k -> k == leader ? 1 - limit.others() : odds[k] * (limit.others() / others));
    }
    return odds;
  }

  /** The policy that gives each run what it is given by this state. */
  public StopPolicy policy(AdaptationState state) {
    state.requireOf(this);
    return new Adaptive(this, state);
  }

  /** Learns from a run that nothing of this has stopped. */
  public AdaptationState learn(AdaptationState state, FullRun run) {
    return learn(state, grouping.family(run.run().context()), Losses.of(this, run).losses(), 1);
  }

  /**
   * Learns from a run that was given a choice and came to its own end all the same.
   *
   * @throws IllegalArgumentException if what it was given stops it, or if no run is exempt
   */
  public AdaptationState learn(AdaptationState state, FullRun run, Choice choice) {
    Losses losses = Losses.of(this, run);
    return learn(state, choice.family(), losses.losses(), shown(losses, run, choice));
  }

  /** How probable it was that the run would be shown in full. */
  double shown(Losses losses, FullRun run, Choice choice) {
    RunContext context = run.run().context();
    if (choice.exempt() == 0) {
      throw new IllegalArgumentException(
          "no run is exempt, so that what is stopped is never seen: give a limit with exempt runs, or let runs come to their end and learn"
              + " from them without a choice");
    }
    if (!choice.isExempt() && losses.stops()[choice.candidate()]) {
      throw new IllegalArgumentException(
          "run '%s' of task '%s' came to its own end, but '%s', which it was given, stops it before; where runs are watched and not stopped,"
                  .formatted(context.run(), context.task(), candidates.get(choice.candidate()).name())
              + " learn from them without a choice");
    }
    return choice.shown(losses.stops());
  }

  /**
   * Learns what all candidates have lost on a run.
   *
   * @param losses one a candidate, in their order; finite
   * @param shown how probable it was that this would become known; above 0, at most 1
   */
  public AdaptationState learn(AdaptationState state, String family, double[] losses, double shown) {
    state.requireOf(this);
    if (losses.length != candidates.size() || !Arrays.stream(losses).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "there must be one finite loss for each of %d candidates, but they were %s".formatted(candidates.size(), Arrays.toString(losses)));
    }
    if (!(shown > 0 && shown <= 1)) {
      throw new IllegalArgumentException("a run is shown with a probability above 0 and at most 1, but it was " + shown);
    }
    double[] weighted = Arrays.stream(losses).map(loss -> loss / shown).toArray();
    double gap = state.known(family, borrowed).gapOf(weighted);
    return state.with(family, state.own(family).with(1 - 1 / memory, 1 / shown, weighted, gap));
  }

  /** What a saved state must agree in: it has losses at this price, in these families. */
  String terms() {
    return "price " + price + ", families " + grouping;
  }

  @Override
  public String toString() {
    return "adaptation(%d candidates, %s, %s of others, %s exempt, memory %s, %s borrowed, seed %d)"
        .formatted(candidates.size(), terms(), limit.others(), limit.exempt(), memory, borrowed, seed);
  }
}
