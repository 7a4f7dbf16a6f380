package io.stopcast.onnx;

import java.util.List;

/**
 * What was reported of training, by point: the mean of what came since the point before.
 *
 * @param present whether a training loss was ever reported, as one
 * @param hasLoss at which points there is a loss
 * @param losses as gains
 * @param hasGap at which points there are both the objective and its counterpart
 * @param gaps counterpart less objective
 */
record TrainReports(Tensor present, Tensor hasLoss, Tensor losses, Tensor hasGap, Tensor gaps) {
  static TrainReports of(Points points) {
    RunInputs in = points.inputs();
    Averages losses = Averages.of(in.trainLosses().negated(), in.reported());
    Averages values = Averages.of(in.gains(in.trainValues()), in.reported());
    return new TrainReports(
        RunInputs.usable(in.trainLosses()).count().above(0),
        losses.some,
        losses.mean,
        values.some.and(points.usable()),
        values.mean.minus(points.gains()));
  }

  /**
   * Averages of the reports up to each point.
   *
   * @param some whether there was any
   * @param mean anything where there was none
   */
  private record Averages(Tensor some, Tensor mean) {
    static Averages of(Tensor reports, Tensor isPoint) {
      Graph graph = reports.graph();
      Tensor none = graph.constant(0L);
      Tensor usable = RunInputs.usable(reports);
      Tensor all = reports.only(usable).followedBy(graph.constant(0.0));
      Tensor until = none.followedBy(usable.toLongs().runningSum(0).only(isPoint));
      Tensor from = until.before(none);
      Tensor counts = until.minus(from);
      Tensor last = all.shape().minus(graph.constant(1L));
      List<Tensor> state =
          graph.loop(
              counts.largest(),
              List.of(counts.toDoubles().times(0), none),
              now -> graph.scalar(true),
              now -> {
                Tensor mean = now.get(0);
                Tensor position = now.get(1);
                Tensor next = position.plus(graph.constant(1L));
                Tensor report = all.at(from.plus(position).min(last));
                // The first report is taken as it is: what is added to a mean of zero.
                Tensor moved = mean.plus(report.minus(mean).dividedBy(next.toDoubles()));
                return List.of(counts.atLeast(next).choose(moved, mean), next);
              });
      return new Averages(counts.above(none), state.get(0));
    }
  }
}
