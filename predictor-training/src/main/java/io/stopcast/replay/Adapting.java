package io.stopcast.replay;

import io.stopcast.adapt.Adaptation;
import io.stopcast.adapt.AdaptationState;
import io.stopcast.adapt.Candidate;
import io.stopcast.adapt.Choice;
import io.stopcast.adapt.Grouping;
import io.stopcast.policy.StopPolicy;
import java.util.List;

/**
 * Adaptation over runs that come one after another: each is given what the runs before it speak for. It begins knowing nothing.
 *
 * <p>Candidates are told by where they stop a run, which is known already; so they may be other policies for each run, as where rules are
 * tuned anew in each fold, and what the adaptation says of their policies is not asked.
 *
 * @param adaptation whose candidates these are
 * @param seesAll whether it learns from all runs, as of a history or in the shadow; else from what it would see live: nothing of what it
 *     stopped, and of the others as many as each stands for
 */
record Adapting(Adaptation adaptation, boolean seesAll) {
  static final String NAME = "adaptation, online";

  /** Where a candidate stops a run. */
  @FunctionalInterface
  interface Stops {
    int point(int candidate, int run);
  }

  /** Among policies of these names, by source, live: it sees judged runs, those that came before, unlike every other row of a table. */
  static Adapting among(List<String> names, double price) {
    List<Candidate> candidates = names.stream().map(name -> new Candidate(name, StopPolicy.NEVER)).toList();
    return new Adapting(Adaptation.of(candidates, Grouping.by(Grouping.By.SOURCE), price), false);
  }

  /** Returns where each of these runs, one after another, ends. */
  int[] stops(List<ScoredRun> runs, int[] order, Stops stops) {
    int candidates = adaptation.candidates().size();
    AdaptationState state = adaptation.start();
    int[] points = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ScoredRun run = runs.get(order[i]);
      int last = run.length() - 1;
      Choice choice = adaptation.choose(state, run.run().context());
      double[] losses = new double[candidates];
      boolean[] ends = new boolean[candidates];
      for (int k = 0; k < candidates; k++) {
        int point = stops.point(k, order[i]);
        losses[k] = run.hindsight().loss(point, adaptation.price());
        ends[k] = point < last;
      }
      points[i] = choice.isExempt() ? last : stops.point(choice.candidate(), order[i]);
      boolean shows = seesAll || points[i] == last;
      state = shows ? adaptation.learn(state, choice.family(), losses, seesAll ? 1 : choice.shown(ends)) : state.withHidden();
    }
    return points;
  }
}
