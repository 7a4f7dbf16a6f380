package io.stopcast.onnx;

import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.Priors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The earlier runs of the task, without the run itself, in the order of their final values; none of a task that nobody
 * has run.
 *
 * @param count how many there are, as one
 * @param firsts their first gains
 * @param bests their best gains so far, float: a row before the first part of the way and one at the end of each
 * @param points their lengths
 * @param parameters what they were run with
 */
record EarlierRuns(Tensor count, Tensor firsts, Tensor bests, Tensor points, EarlierParameters parameters) {
  private static final int CELLS = EarlierRun.CELLS;

  /** Lays out all tasks one after the other, with an empty one at the end for all others, and picks the run's. */
  static EarlierRuns of(RunInputs in, Priors priors) {
    Graph graph = in.task().graph();
    TreeMap<String, TaskHistory> tasks = new TreeMap<>(priors.tasks());
    List<List<EarlierRun>> byTask =
        tasks.values().stream()
            .map(task -> task.runs().stream().sorted(Comparator.comparingDouble(EarlierRuns::last)).toList())
            .toList();
    List<EarlierRun> all = byTask.stream().flatMap(List::stream).toList();
    long[] offsets = new long[tasks.size() + 2];
    for (int t = 0; t < byTask.size(); t++) {
      offsets[t + 1] = offsets[t] + byTask.get(t).size();
    }
    offsets[tasks.size() + 1] = all.size();
    float[][] bests = new float[1 + CELLS][all.size()];
    for (int j = 0; j < all.size(); j++) {
      bests[0][j] = all.get(j).first();
      for (int k = 0; k < CELLS; k++) {
        bests[1 + k][j] = all.get(j).best()[k];
      }
    }
    // Names that are not known come last, at the empty task.
    List<String> names = new ArrayList<>(tasks.keySet());
    Tensor found = graph.positions(in.task(), names);
    Tensor task = found.below(graph.constant(0L)).choose(graph.constant((long) names.size()), found);
    Tensor from = graph.constant(offsets).at(task);
    Tensor to = graph.constant(offsets).at(task.plus(graph.constant(1L)));
    Tensor ids = graph.constant(all.stream().mapToLong(EarlierRun::id).toArray()).slice(from, to, 0);
    Tensor isSelf = ids.same(in.run());
    Tensor others = isSelf.not();
    Tensor curves = graph.constant(bests).slice(from, to, 1).only(others, 1);
    Tensor points =
        graph.constant(all.stream().mapToDouble(EarlierRun::points).toArray()).slice(from, to, 0).only(others);
    return new EarlierRuns(
        points.shape().toDoubles(),
        curves.row(0).toDoubles(),
        curves,
        points,
        EarlierParameters.of(in, byTask, task, isSelf));
  }

  static float last(EarlierRun run) {
    return run.best()[CELLS - 1];
  }

  Graph graph() {
    return count.graph();
  }

  /** The final values, float, ascending. */
  Tensor finals() {
    return bests.row(CELLS);
  }

  /** The largest final value, NaN without runs. */
  Tensor top() {
    return graph().constant(Double.NaN).followedBy(finals().toDoubles()).last();
  }

  /** What the task has to gain, NaN without runs. */
  Tensor scale() {
    return top().minus(median(firsts));
  }

  /** The median length, NaN without runs. */
  Tensor typicalPoints() {
    return count.above(0).choose(median(points), Double.NaN);
  }

  /** The upper one of two; infinite of none. */
  private Tensor median(Tensor of) {
    Tensor padded = of.followedBy(graph().constant(Double.POSITIVE_INFINITY));
    return padded.smallest(padded.shape()).at(count.dividedBy(2).toLongs());
  }
}
