package io.stopcast.train;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.TaskHistory;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.OnnxRuntimeModel;
import io.stopcast.model.Priors;
import io.stopcast.model.StopModel;
import io.stopcast.policy.Decision;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.policy.StopPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a step of a live run costs, part by part, beside ONNX Runtime and XGBoost with the same trees on the same rows.
 *
 * <p>The trees are grown on 400 shipped runs, the rows those of other runs. A watched run has as many points as its recorded
 * one, is never stopped, and is followed by the next one, which is begun out of the time of its first step: one step in a hundred would
 * be a beginning, and the 99th percentile be that. What a beginning takes is measured by itself.
 *
 * <p>{@code mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath -pl predictor-training -am && cd
 * predictor-training && java -cp target/test-classes:target/classes:../predictor-runtime/target/classes:$(cat target/classpath)
 * io.stopcast.train.StepBenchmark}; {@code gc} as an argument counts allocated bytes as well.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class StepBenchmark {
  private static final double PRICE = .1;
  private static final int ROWS = 4096;

  @Param({"100", "200"})
  private int trees;

  /** How many earlier runs a run has to look at; the shipped tasks have not many more. */
  @Param({"0", "10"})
  private int earlier;

  private final List<ScoredRun> watched = new ArrayList<>();
  private final List<TaskHistory> histories = new ArrayList<>();
  private float[][] rows;
  private StopModel java;
  private StopModel onnxRuntime;
  private OrtSession session;
  private FloatBuffer pinnedInput;
  private FloatBuffer pinnedMargin;
  private Map<String, OnnxTensor> pinnedInputs;
  private Map<String, OnnxTensor> pinnedOutputs;
  private Booster booster;
  private LearnedPolicy policy;

  private int row;
  private int run = -1;
  private int step;
  private List<Step> steps = List.of();
  private FeatureExtractor extractor;
  private float[] features;

  /** A run that goes on, its next step at hand. */
  @State(Scope.Thread)
  public static class Live {
    private StopPolicy.Watch watch;
    private FeatureExtractor extractor;
    private Step step;

    /** Goes on by a step, and begins the next run after the last. */
    @Setup(Level.Invocation)
    public void goOn(StepBenchmark all) {
      if (all.isRunOver()) {
        RunContext context = all.watched.get(all.run).run().context();
        watch = all.policy.watch(context);
        extractor = new FeatureExtractor(context, all.histories.get(all.run));
      }
      step = all.steps.get(all.step++);
    }
  }

  public static void main(String[] args) throws Exception {
    OptionsBuilder options = new OptionsBuilder();
    options.include(StepBenchmark.class.getName());
    for (String profiler : args) {
      options.addProfiler(profiler);
    }
    new Runner(options.build()).run();
  }

  /** Reads runs, grows trees, and takes rows from runs that these have not seen. */
  @Setup
  public void grow() throws Exception {
    History.Options strict = new History.Options(false, Optional.empty(), bytes -> {});
    List<ScoredRun> all = ScoredRun.of(History.read(List.of(Path.of("../datasets")), strict).runs());
    List<ScoredRun> training = new ArrayList<>();
    for (int r = 0; r < all.size(); r += 7) {
      training.add(all.get(r));
    }
    Recipe recipe =
        new Recipe(trees, 5, 0.08, 0.6, 0.4, 20, 5, 40, Integer.MAX_VALUE, 0, 0.25, 0.3, 150, 40, 0, 3, 0.5, 0.15, 1);
    double[] prices = {0.03, PRICE, 0.3};
    Histories known = new Histories(all);
    TrainingRows shown = earlier > 0 ? TrainingRows.withHistory(recipe, known) : TrainingRows.alone(recipe);
    WeightedRows data = shown.rows(training, prices, Targets.hindsight(training, prices));
    booster = new BinaryBoostingTrainer(recipe).grow(data);
    ModelFile file =
        OnnxExport.write(
            BoosterDump.read(booster),
            FeatureExtractor.schema(),
            ThresholdTuning.neutral(prices),
            new TreeMap<>(Map.of()),
            new float[0][]);
    java = file.scorer();
    onnxRuntime = OnnxRuntimeModel.open(file);
    pin(file);
    for (int r = 3; r < all.size() && watched.size() < 300; r += 7) {
      TaskHistory history = TaskHistory.of(known.sample(all.get(r), earlier, new Random(r)));
      if (history.runs().size() == earlier) {
        watched.add(all.get(r));
        histories.add(history);
      }
    }
    features = new float[FeatureExtractor.schema().size()];
    rows = new float[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      features[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(PRICE);
      nextFeatures();
      rows[i] = features.clone();
    }
    Map<String, TaskHistory> tasks = new HashMap<>();
    for (int i = 0; i < watched.size(); i++) {
      tasks.putIfAbsent(Priors.key(watched.get(i).run().context()), histories.get(i));
    }
    policy = new LearnedPolicy(java, PRICE, 1).with(new Priors(tasks));
    run = -1;
    steps = List.of();
    step = 0;
  }

  private void pin(ModelFile file) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(file.bytes(), options);
    }
    pinnedInput = direct(file.schema().size());
    pinnedMargin = direct(1);
    pinnedInputs = Map.of("features", OnnxTensor.createTensor(environment, pinnedInput, new long[] {1, pinnedInput.capacity()}));
    pinnedOutputs = Map.of("margin", OnnxTensor.createTensor(environment, pinnedMargin, new long[] {1, 1}));
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Float.BYTES * floats).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @TearDown
  public void close() throws OrtException {
    pinnedInputs.values().forEach(OnnxTensor::close);
    pinnedOutputs.values().forEach(OnnxTensor::close);
    session.close();
    onnxRuntime.close();
    booster.dispose();
  }

  private float[] nextRow() {
    row = (row + 1) % ROWS;
    return rows[row];
  }

  private boolean isRunOver() {
    if (step < steps.size()) {
      return false;
    }
    run = (run + 1) % watched.size();
    steps = watched.get(run).run().steps();
    step = 0;
    return true;
  }

  private void nextFeatures() {
    if (isRunOver()) {
      extractor = new FeatureExtractor(watched.get(run).run().context(), histories.get(run));
    }
    extractor.observe(steps.get(step++));
    extractor.write(features);
  }

  /** Observing a point and writing its features. */
  @Benchmark
  public float features(Live run) {
    run.extractor.observe(run.step);
    run.extractor.write(features);
    return features[0];
  }

  /** A score by the plain Java scorer. */
  @Benchmark
  public float scoreJava() {
    return java.score(nextRow());
  }

  /** The same by ONNX Runtime. */
  @Benchmark
  public float scoreOnnxRuntime() {
    return onnxRuntime.score(nextRow());
  }

  /** The same by ONNX Runtime with its input and output in memory that is pinned once: the fastest way to call it from Java. */
  @Benchmark
  public float scoreOnnxRuntimePinned() throws OrtException {
    pinnedInput.clear();
    pinnedInput.put(nextRow());
    session.run(pinnedInputs, pinnedOutputs).close();
    return StopModel.probability(pinnedMargin.get(0));
  }

  /** The same by XGBoost4J. */
  @Benchmark
  public float scoreXgboost() throws XGBoostError {
    DMatrix matrix = new DMatrix(nextRow(), 1, features.length, Float.NaN);
    try {
      return booster.predict(matrix)[0][0];
    } finally {
      matrix.dispose();
    }
  }

  /** A whole step: features, score, decision. */
  @Benchmark
  public Decision step(Live run) {
    return run.watch.observe(run.step);
  }

  /** Beginning to watch a run. */
  @Benchmark
  public StopPolicy.Watch begin() {
    run = (run + 1) % watched.size();
    return policy.watch(watched.get(run).run().context());
  }
}
