package io.stopcast.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.stopcast.feature.EarlierRun;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.model.Priors;
import io.stopcast.run.Direction;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.DoubleBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A graph of {@link PipelineExport} in ONNX Runtime: the way that a caller in another language would go. */
final class Pipeline implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  Pipeline(byte[] graph) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      session = environment.createSession(graph, options);
    }
  }

  /** What the graph says of a run so far. */
  record Answer(float[] features, float margin, float probability, double threshold, boolean stop) {}

  Answer ask(RunContext run, List<Step> steps, double price) throws OrtException {
    Map<String, OnnxTensor> in = new HashMap<>();
    try {
      String metric = run.objective().metric();
      String counterpart = FeatureExtractor.counterpart(run.objective()).orElse(null);
      in.put("values", doubles(steps, step -> step.value(metric)));
      in.put("costs", doubles(steps, Step::cost));
      in.put("train_losses", doubles(steps, step -> step.value("train_loss")));
      in.put("train_values", doubles(steps, step -> counterpart == null ? Double.NaN : step.value(counterpart)));
      boolean[] reported = new boolean[steps.size()];
      for (int i = 0; i < reported.length; i++) {
        reported[i] = steps.get(i).reports(metric);
      }
      in.put("reported", OnnxTensor.createTensor(environment, reported));
      in.put(
          "maximize",
          OnnxTensor.createTensor(environment, new boolean[] {run.objective().direction() == Direction.MAXIMIZE}));
      in.put("price", one(price));
      in.put("planned", one(run.horizon().points() > 0 ? run.horizon().points() : Double.NaN));
      in.put("planned_cost", one(run.horizon().cost()));
      in.put("task", OnnxTensor.createTensor(environment, new String[] {Priors.key(run)}));
      in.put("run", OnnxTensor.createTensor(environment, new long[] {EarlierRun.idOf(run.run())}));
      putParameters(in, run.parameters());
      try (OrtSession.Result result = session.run(in)) {
        return new Answer(
            ((float[][]) result.get("features").orElseThrow().getValue())[0],
            ((float[][]) result.get("margin").orElseThrow().getValue())[0][0],
            ((float[][]) result.get("probability").orElseThrow().getValue())[0][0],
            ((double[]) result.get("threshold").orElseThrow().getValue())[0],
            ((boolean[]) result.get("stop").orElseThrow().getValue())[0]);
      }
    } finally {
      in.values().forEach(OnnxTensor::close);
    }
  }

  private void putParameters(Map<String, OnnxTensor> in, Map<String, Object> parameters) throws OrtException {
    String[] names = parameters.keySet().toArray(String[]::new);
    String[] texts = new String[names.length];
    double[] numbers = new double[names.length];
    for (int i = 0; i < names.length; i++) {
      Object value = parameters.get(names[i]);
      String text = value.toString();
      numbers[i] = value instanceof Number number ? number.doubleValue() : Double.NaN;
      texts[i] = value instanceof Number ? "" : text.substring(0, Math.min(100, text.length()));
    }
    in.put("parameter_names", OnnxTensor.createTensor(environment, names, shape(names.length)));
    in.put("parameter_texts", OnnxTensor.createTensor(environment, texts, shape(texts.length)));
    in.put(
        "parameter_numbers",
        OnnxTensor.createTensor(environment, DoubleBuffer.wrap(numbers), shape(numbers.length)));
  }

  private OnnxTensor one(double value) throws OrtException {
    return OnnxTensor.createTensor(environment, new double[] {value});
  }

  private OnnxTensor doubles(List<Step> steps, ToDoubleFunction<Step> of) throws OrtException {
    return OnnxTensor.createTensor(
        environment, DoubleBuffer.wrap(steps.stream().mapToDouble(of).toArray()), shape(steps.size()));
  }

  private static long[] shape(int size) {
    return new long[] {size};
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
