package io.stopcast.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.ModelFile;
import io.stopcast.model.Priors;

/**
 * Writes a model with all that comes before and after its trees as one graph of standard operators: a run's raw values
 * so far go in, features, probability, threshold and decision come out. The same model gives the same bytes.
 *
 * <p>What {@link FeatureExtractor} carries from step to step is worked out anew from all steps so far; rules that
 * depend on what came before walk over the points. Computed in double, in the order in which Java does wherever
 * rounding could show.
 *
 * <p>Inputs, of which the lists have a slot for each step so far, in order:
 *
 * <pre>
 * values        double [steps]   the objective as reported; NaN where a step does not report it
 * reported      bool   [steps]   whether a step reports it, be it NaN
 * costs         double [steps]   what the run has cost from its start, NaN if unknown
 * train_losses  double [steps]   the training loss, NaN where there is none
 * train_values  double [steps]   {@link FeatureExtractor#counterpart}, NaN where there is none
 * maximize      bool   [1]       whether larger values are better
 * price         double [1]       what a full run's compute is worth, in units of what the task has to gain
 *
 * planned       double [1]       planned points, NaN if unknown
 * planned_cost  double [1]       planned cost at the end, NaN if unknown
 * task          string [1]       {@link Priors#key}; any other text for a task without earlier runs
 * run           int64  [1]       {@link EarlierRun#idOf} if the run may be among the earlier ones, else 0
 * parameter_names    string [parameters]   hyper-parameters; may be none
 * parameter_numbers  double [parameters]   their values, NaN for texts
 * parameter_texts    string [parameters]   their values, at most 100 characters of each; anything for numbers
 * </pre>
 *
 * <p>All must be given. Outputs: {@code features} float [1,F], {@code margin} and {@code probability} float [1,1],
 * {@code threshold} double [1] and {@code stop} bool [1].
 */
public final class PipelineExport {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 15;
  private static final int ML_OPSET = 3;

  private PipelineExport() {}

  /**
   * Returns the bytes of the graph.
   *
   * @throws IllegalArgumentException if the model expects other features than this version computes
   */
  public static byte[] write(ModelFile model) {
    FeatureSchema schema = FeatureExtractor.schema();
    if (!model.schema().equals(schema)) {
      throw new IllegalArgumentException(
          "the model expects feature schema v%d with %d features, but only v%d with %d can be written as a graph"
              .formatted(model.schema().version(), model.schema().size(), schema.version(), schema.size()));
    }
    Graph graph = new Graph("stopcast");
    RunInputs in = RunInputs.of(graph);
    Points points = Points.of(in);
    TrainReports train = TrainReports.of(points);
    Curve curve = new Curve(points, train);
    Tensor logPrice = in.price().log().dividedBy(Math.log(10)).toFloats();
    Tensor price = graph.constant(10.0).power(logPrice.toDoubles());
    Tensor earlierRuns;
    HistorySignals prior;
    if (model.priors().tasks().isEmpty()) {
      earlierRuns = graph.constant(0.0);
      prior = HistorySignals.none(graph);
    } else {
      EarlierRuns runs = EarlierRuns.of(in, model.priors());
      earlierRuns = runs.count();
      prior = HistorySignals.of(curve, runs, price);
    }
    Tensor features = Features.row(curve, train, earlierRuns, prior, logPrice.toDoubles());
    Tensor margin = graph.like(trees(model), features);
    Tensor probability = margin.toDoubles().negated().exp().plus(1).reciprocal().toFloats();
    StopRule rule =
        StopRule.of(curve, earlierRuns, probability.toDoubles().flat(), model.thresholds(), model.thresholdsAlone());
    graph.output("features", features, "1", Integer.toString(schema.size()));
    graph.output("margin", margin, "1", "1");
    graph.output("probability", probability, "1", "1");
    graph.output("threshold", rule.threshold(), "1");
    graph.output("stop", rule.stop(), "1");
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("stopcast")
        .setGraph(graph.build())
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(ML_OPSET))
        .addMetadataProps(
            StringStringEntryProto.newBuilder().setKey("stopcast.model.sha256").setValue(model.sha256()))
        .build()
        .toByteArray();
  }

  private static NodeProto trees(ModelFile model) {
    try {
      return ModelProto.parseFrom(model.bytes()).getGraph().getNode(0);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a checked model could not be read again: " + e.getMessage(), e);
    }
  }
}
