package io.stopcast.onnx;

/**
 * What the graph is given of a run: a slot for each step so far in the lists, NaN for what a step does not report.
 *
 * @param values the objective as reported
 * @param reported whether the step reports the objective, be it NaN: whether it is a point
 * @param costs what the run has cost so far
 * @param trainLosses the training loss
 * @param trainValues the objective's counterpart on the training data
 * @param maximize whether larger values are better
 * @param planned how many points are planned, NaN if unknown
 * @param plannedCost the planned cost at the end, NaN if unknown
 * @param price what a full run's compute is worth
 * @param task what earlier runs are filed under
 * @param run a hash of the run's name, so that it does not see itself among the earlier ones; 0 if it is not among them
 * @param parameterNames the names of the hyper-parameters
 * @param parameterNumbers their values, NaN where they are text
 * @param parameterTexts their values where they are text
 */
record RunInputs(
    Tensor values,
    Tensor reported,
    Tensor costs,
    Tensor trainLosses,
    Tensor trainValues,
    Tensor maximize,
    Tensor planned,
    Tensor plannedCost,
    Tensor price,
    Tensor task,
    Tensor run,
    Tensor parameterNames,
    Tensor parameterNumbers,
    Tensor parameterTexts) {
  private static final String STEPS = "steps";
  private static final String PARAMETERS = "parameters";
  private static final String ONE = "1";

  static RunInputs of(Graph graph) {
    return new RunInputs(
        graph.input("values", Element.DOUBLE, STEPS),
        graph.input("reported", Element.BOOLEAN, STEPS),
        graph.input("costs", Element.DOUBLE, STEPS),
        graph.input("train_losses", Element.DOUBLE, STEPS),
        graph.input("train_values", Element.DOUBLE, STEPS),
        graph.input("maximize", Element.BOOLEAN, ONE),
        graph.input("planned", Element.DOUBLE, ONE),
        graph.input("planned_cost", Element.DOUBLE, ONE),
        graph.input("price", Element.DOUBLE, ONE),
        graph.input("task", Element.STRING, ONE),
        graph.input("run", Element.LONG, ONE),
        graph.input("parameter_names", Element.STRING, PARAMETERS),
        graph.input("parameter_numbers", Element.DOUBLE, PARAMETERS),
        graph.input("parameter_texts", Element.STRING, PARAMETERS));
  }

  /** Values as gains: larger is better. A zero keeps its sign, which a choice of two tensors would lose. */
  Tensor gains(Tensor of) {
    Graph graph = of.graph();
    return of.times(maximize.choose(graph.constant(1.0), graph.constant(-1.0)));
  }

  /** Which numbers can be computed with. */
  static Tensor usable(Tensor numbers) {
    return numbers.abs().atMost(1e300);
  }
}
