package io.stopcast.explain;

import io.stopcast.history.Curve;
import io.stopcast.history.DecidedRun;
import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import io.stopcast.history.TaskId;
import io.stopcast.history.Usability;
import io.stopcast.label.Hindsight;
import io.stopcast.label.TaskScales;
import io.stopcast.model.Attribution;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Outlook;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.Patience;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Why a recorded run was stopped, or would be, where it was, and what would have become of it otherwise.
 *
 * <p>The run is replayed from its first step. A run of a decision log is replayed from what the log has, which is the objective alone:
 * the scores in the log are those that decided, and where the replayed ones differ the features cannot be told.
 *
 * @param run what is explained
 * @param price at which
 * @param threshold from which score on it stops
 * @param earlierRuns how many runs of its task the model knows, the run itself left out
 * @param moments its points in order
 * @param stop position among {@code moments} of the first stop; empty if it never stopped
 * @param reason of that stop; empty without one
 * @param explained position of the moment that {@code pushes} are about: the stop, or the point at which it came closest to one; -1 if
 *     the model was never asked
 * @param pushes all features that moved the score, the strongest first; empty if they cannot be told
 * @param scored whether the run ended by itself, so that hindsight can judge
 * @param scale what the task has to gain, in the metric's unit
 * @param model where the model ends it
 * @param oracle where it would have cost least; empty if not scored
 * @param patience the best rule of patience: where it ends the run
 * @param patienceRuns on how many runs that rule was tuned
 * @param sameTask whether those are of the same task
 * @param never its last point
 * @param remedies where it would have ended with another price, or another condition on a stop
 */
public record Explanation(
    Run run,
    double price,
    double threshold,
    int earlierRuns,
    List<Moment> moments,
    OptionalInt stop,
    String reason,
    int explained,
    List<Push> pushes,
    boolean scored,
    double scale,
    Ending model,
    Optional<Ending> oracle,
    Ending patience,
    int patienceRuns,
    boolean sameTask,
    Ending never,
    List<Ending> remedies) {
  /** Scores in a log have the digits of a float. */
  private static final double SAME_SCORE = 1e-6;

  private static final int CONFIRMING = 10;

  /** What hindsight says of the model's stop, or of that there was none. */
  public enum Verdict {
    /** The run did not end by itself: nobody knows. */
    UNKNOWN,
    /** No later point would have cost less. */
    RIGHT,
    /** Some later point would have cost less. */
    TOO_EARLY,
    /** Some earlier point would have cost less. */
    TOO_LATE
  }

  public Explanation {
    moments = List.copyOf(moments);
    pushes = List.copyOf(pushes);
    remedies = List.copyOf(remedies);
  }

  /**
   * Explains a run.
   *
   * @param known other runs, of its task and of others; the run itself may be among them
   * @throws ImportException if the run never reports its objective as a finite number
   */
  public static Explanation of(Run run, ModelFile file, double price, List<Run> known) throws ImportException {
    return of(run, Optional.empty(), file, price, known);
  }

  /** Explains a run of a decision log. */
  public static Explanation of(DecidedRun decided, ModelFile file, double price, List<Run> known) throws ImportException {
    return of(decided.run(), Optional.of(decided), file, price, known);
  }

  private static Explanation of(Run run, Optional<DecidedRun> log, ModelFile file, double price, List<Run> known)
      throws ImportException {
    RunContext context = run.context();
    Curve curve = Curve.of(run);
    if (Double.isNaN(curve.finalBest())) {
      throw new ImportException(
          "run %s of task %s cannot be explained: it never reports a finite value of %s"
              .formatted(Quoted.of(context.run()), Quoted.of(context.task()), Quoted.of(context.objective().metric())));
    }
    List<Run> others = known.stream().filter(other -> !isSame(other.context(), context)).toList();
    TaskId task = TaskId.of(run);
    double scale = TaskScales.of(Stream.concat(others.stream(), Stream.of(run)).toList()).of(task);
    ScoredRun judged = new ScoredRun(run, task, curve, Hindsight.of(curve, scale));
    boolean scored = Usability.of(run) == Usability.SCORED && log.map(DecidedRun::complete).orElse(true);

    LearnedPolicy policy = LearnedPolicy.of(file, price);
    double[] logged = log.map(l -> l.points().stream().mapToDouble(DecidedRun.Point::score).toArray()).orElse(null);
    Watched watched = Watched.of(policy, judged, logged);
    OptionalInt stop = log.isPresent() ? log.get().stop() : watched.firstStop();
    String reason =
        stop.isEmpty() ? "" : log.map(l -> l.points().get(l.stop().orElseThrow()).reason()).orElseGet(() -> watched.reasonAt(stop.getAsInt()));
    double threshold = log.flatMap(l -> threshold(l, stop)).orElse(policy.thresholdFor(context));
    int explained = stop.isPresent() ? stop.getAsInt() : watched.closest();

    List<ScoredRun> otherScored = ScoredRun.of(others);
    BestPatience patience = BestPatience.of(task, otherScored, price);
    return new Explanation(
        run,
        price,
        threshold,
        policy.priors().of(context).runs().size(),
        watched.moments,
        stop,
        reason,
        explained,
        explained < 0 ? List.of() : watched.pushes(explained),
        scored,
        scale,
        Ending.of("the model", judged, stop, price, scored),
        scored ? Optional.of(Ending.of("hindsight", judged, oracle(judged, price), price, true)) : Optional.empty(),
        Ending.of(patience.rule().toString(), judged, firstStop(patience.rule(), run), price, scored),
        patience.runs(),
        patience.sameTask(),
        Ending.of("never", judged, OptionalInt.empty(), price, scored),
        remedies(file, policy, judged, price, scored, stop.isPresent()));
  }

  private static OptionalInt oracle(ScoredRun run, double price) {
    int best = run.hindsight().oracle(price);
    return best < run.length() - 1 ? OptionalInt.of(best) : OptionalInt.empty();
  }

  private static boolean isSame(RunContext a, RunContext b) {
    return a.source().equals(b.source()) && a.task().equals(b.task()) && a.run().equals(b.run());
  }

  private static Optional<Double> threshold(DecidedRun log, OptionalInt stop) {
    return log.points().stream()
        .skip(stop.orElse(0))
        .map(DecidedRun.Point::threshold)
        .filter(threshold -> !Double.isNaN(threshold))
        .findFirst();
  }

  /** Other settings of the same model; cheaper compute and conditions for what was stopped, dearer compute for what was not. */
  private static List<Ending> remedies(
      ModelFile file, LearnedPolicy policy, ScoredRun run, double price, boolean scored, boolean stopped) {
    List<Ending> remedies = new ArrayList<>();
    for (double other : stopped ? new double[] {price / 2, price / 4, price / 10} : new double[] {2 * price, 4 * price, 10 * price}) {
      add(remedies, "--price " + shortest(other), LearnedPolicy.of(file, other), run, price, scored);
    }
    if (stopped) {
      if (run.run().context().horizon().isKnown()) {
        add(remedies, "notBeforeShare(0.25)", policy.notBeforeShare(0.25), run, price, scored);
        add(remedies, "notBeforeShare(0.5)", policy.notBeforeShare(0.5), run, price, scored);
      } else {
        add(remedies, "notBefore(" + run.length() / 2 + ")", policy.notBefore(Math.max(1, run.length() / 2)), run, price, scored);
      }
      add(remedies, "and(new Patience(" + CONFIRMING + "))", policy.and(new Patience(CONFIRMING)), run, price, scored);
    }
    return remedies;
  }

  private static String shortest(double price) {
    return String.valueOf((float) price); // 0.1 / 4 without the last digits
  }

  private static void add(List<Ending> to, String what, StopPolicy policy, ScoredRun run, double price, boolean scored) {
    to.add(Ending.of(what, run, firstStop(policy, run.run()), price, scored));
  }

  /** Unlike a replay, this counts a stop at the last point: of a run that was stopped there, it is the one. */
  private static OptionalInt firstStop(StopPolicy policy, Run run) {
    Objective objective = run.context().objective();
    StopPolicy.Watch watch = policy.watch(run.context());
    int points = 0;
    for (Step step : run.steps()) {
      if (watch.observe(step).isStop()) {
        return OptionalInt.of(points);
      }
      points += objective.isReportedBy(step) ? 1 : 0;
    }
    return OptionalInt.empty();
  }

  /** What hindsight says, at the price. */
  public Verdict verdict() {
    if (!scored) {
      return Verdict.UNKNOWN;
    }
    if (hindsight().advantage(price)[model.point() - 1] < 0) {
      return Verdict.TOO_EARLY;
    }
    return oracle.orElseThrow().loss() < model.loss() && oracle.orElseThrow().point() < model.point() ? Verdict.TOO_LATE : Verdict.RIGHT;
  }

  /** The moment after the model's stop at which a stop would have cost least, at the price: where it should have gone on to if it was {@link Verdict#TOO_EARLY}. */
  public Moment bestLater() {
    Hindsight hindsight = hindsight();
    int best = model.point(); // counted from 1, and so the position of the next one
    for (int t = best + 1; t < hindsight.length(); t++) {
      best = hindsight.loss(t, price) < hindsight.loss(best, price) ? t : best;
    }
    return moments.get(best);
  }

  private Hindsight hindsight() {
    return Hindsight.of(Curve.of(run), scale);
  }

  /** Whether a decision log's scores could be found again, so that features can be told. True without a log. */
  public boolean isReproduced() {
    return moments.stream().allMatch(m -> Double.isNaN(m.logged()) || Math.abs(m.logged() - m.score()) <= SAME_SCORE);
  }

  /** Whether the model judges the run as one of a task that it does not know. */
  public boolean isOfUnknownTask() {
    return earlierRuns < LearnedPolicy.ENOUGH_RUNS;
  }

  /** Whether the price lies within those at which the model's thresholds were tuned; outside, the nearest one counts. */
  public static boolean isTuned(ModelFile file, double price) {
    return price >= file.thresholds().byPrice().firstKey() && price <= file.thresholds().byPrice().lastKey();
  }

  /** Those moments that lie around the explained one, at most so many before and after. */
  public List<Moment> around(int before, int after) {
    int centre = Math.max(0, explained);
    return moments.subList(Math.max(0, centre - before), Math.min(moments.size(), centre + after + 1));
  }

  /** A run as it was watched. */
  private record Watched(LearnedPolicy policy, Run run, List<Moment> moments, List<Decision> decisions) {
    static Watched of(LearnedPolicy policy, ScoredRun run, double[] logged) {
      RunContext context = run.run().context();
      Objective objective = context.objective();
      StopPolicy.Watch watch = policy.watch(context);
      List<Moment> moments = new ArrayList<>();
      List<Decision> decisions = new ArrayList<>();
      for (Step step : run.run().steps()) {
        Decision decision = watch.observe(step);
        if (!objective.isReportedBy(step)) {
          continue;
        }
        int t = moments.size();
        Optional<Outlook> outlook = watch.outlook();
        moments.add(
            new Moment(
                t + 1,
                step.index(),
                step.value(objective.metric()),
                objective.gain(run.curve().best()[t]),
                run.hindsight().share()[t],
                watch.score(),
                logged == null ? Double.NaN : logged[t],
                outlook.map(Outlook::probability).orElse(Double.NaN),
                outlook.map(Outlook::gain).orElse(Double.NaN),
                outlook.map(Outlook::pointsToGain).orElse(Double.NaN),
                decision.isStop()));
        decisions.add(decision);
      }
      return new Watched(policy, run.run(), moments, decisions);
    }

    OptionalInt firstStop() {
      return IntStream.range(0, moments.size()).filter(t -> moments.get(t).stop()).findFirst();
    }

    String reasonAt(int t) {
      return decisions.get(t) instanceof Decision.Stop stop ? stop.reason() : "";
    }

    /** The point with the highest score, the first of several; -1 if there is none. */
    int closest() {
      return IntStream.range(0, moments.size())
          .filter(t -> !Double.isNaN(moments.get(t).score()))
          .boxed()
          .max(Comparator.comparingDouble((Integer t) -> moments.get(t).score()).thenComparing(Comparator.reverseOrder()))
          .orElse(-1);
    }

    /** What moved the score at a point; nothing where that is not the score that was logged. */
    List<Push> pushes(int t) {
      Moment moment = moments.get(t);
      if (!Double.isNaN(moment.logged()) && Math.abs(moment.logged() - moment.score()) > SAME_SCORE) {
        return List.of();
      }
      return attribution(moment.step()).map(Watched::pushes).orElse(List.of());
    }

    private static List<Push> pushes(Attribution why) {
      return IntStream.range(0, why.parts().length)
          .filter(i -> why.parts()[i] != 0)
          .mapToObj(i -> new Push(why.schema().names().get(i), why.features()[i], why.parts()[i]))
          .sorted(Comparator.comparingDouble(push -> -Math.abs(push.logOdds())))
          .toList();
    }

    /** Watches once more, up to that step: an attribution takes two hundred times as long as a step. */
    private Optional<Attribution> attribution(long until) {
      StopPolicy.Watch watch = policy.watch(run.context());
      for (Step step : run.steps()) {
        watch.observe(step);
        if (step.index() == until) {
          break;
        }
      }
      return watch.attribution();
    }
  }
}
