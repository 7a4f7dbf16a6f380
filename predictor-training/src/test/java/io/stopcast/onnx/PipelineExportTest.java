package io.stopcast.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnxruntime.OrtException;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.Priors;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import io.stopcast.train.OnnxExport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineExportTest {
  private static final Path CHAMPION = Path.of("..", "models", "versions", "0001", "model.onnx");
  private static final int LONGEST = 110;

  private static ModelFile champion;
  private static Pipeline pipeline;

  @BeforeAll
  static void open() throws ModelRejectedException, OrtException {
    champion = ModelFile.read(CHAMPION);
    pipeline = new Pipeline(PipelineExport.write(champion));
  }

  @AfterAll
  static void close() throws OrtException {
    pipeline.close();
  }

  @ParameterizedTest(name = "{0}, price {1}")
  @CsvSource({
    "boosting, .1", "control, .3", "convolution, .1", "grokking, .03", "linear, .1", "perceptron, .03", "sequence, .3",
    "text, .1"
  })
  void write_shippedRuns_answersAsJavaOnEveryPrefix(String family, double price) throws Exception {
    Path file = Path.of("..", "datasets", family + ".jsonl.gz");
    List<Run> runs = History.read(List.of(file), History.Options.STRICT).runs();
    OddRuns odd = new OddRuns(family.hashCode());
    Differences differences = new Differences(champion, pipeline);
    for (int i = 0; i < 2; i++) {
      Run run = runs.get(i * (runs.size() / 2));
      Run shown = i == 0 ? run : odd.damaged(run);
      differences.compare(shown.context(), shown.steps().stream().limit(LONGEST).toList(), price);
    }
    assertSame(differences);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 6, 9, 22, 27, 38})
  void write_oddRunsOfTasksWithAHistory_answersAsJavaOnEveryPrefix(long seed) throws Exception {
    OddRuns odd = new OddRuns(seed);
    List<Run> earlier =
        Stream.generate(() -> odd.earlier(60)).filter(run -> !run.context().task().equals("task3")).limit(60).toList();
    ModelFile model = OnnxExport.withPriors(champion, Priors.of(earlier, 20));
    try (Pipeline refreshed = new Pipeline(PipelineExport.write(model))) {
      Differences differences = new Differences(model, refreshed);
      for (int i = 0; i < 8; i++) {
        differences.compare(odd.damaged(odd.madeUp(i == 0 ? 230 : 60)), i % 2 == 0 ? .1 : .02);
      }
      assertSame(differences);
    }
  }

  @Test
  void write_withoutPriors_answersAsJavaOnEveryPrefix() throws Exception {
    ModelFile model = OnnxExport.withPriors(champion, Priors.NONE);
    OddRuns odd = new OddRuns(99);
    try (Pipeline refreshed = new Pipeline(PipelineExport.write(model))) {
      Differences differences = new Differences(model, refreshed);
      for (int i = 0; i < 8; i++) {
        differences.compare(odd.madeUp(60), .3);
      }
      assertSame(differences);
    }
  }

  @ParameterizedTest(name = "price {0}")
  @ValueSource(doubles = {1e-9, .02, .03, .05, .1, .2, .3, .7, 50})
  void write_anyPrice_interpolatesTheThresholdAsJavaDoes(double price) throws Exception {
    RunContext run = RunContext.of(Objective.maximize("accuracy"));
    List<Step> steps = Stream.of(1, 2, 3, 4).map(i -> Step.of(i, i, "accuracy", i)).toList();
    double expected = champion.thresholdsAlone().thresholdFor(price);
    assertEquals(expected, pipeline.ask(run, steps, price).threshold(), 1e-12);
  }

  @Test
  void write_sameModel_sameBytes() {
    assertArrayEquals(PipelineExport.write(champion), PipelineExport.write(champion));
  }

  @Test
  void write_anyModel_usesTheStandardOperatorsOnly() throws Exception {
    ModelProto model = ModelProto.parseFrom(PipelineExport.write(champion));
    assertEquals(
        Map.of("", 15L, "ai.onnx.ml", 3L),
        model.getOpsetImportList().stream()
            .collect(
                Collectors.toMap(OperatorSetIdProto::getDomain, OperatorSetIdProto::getVersion)));
    assertEquals(0, model.getFunctionsCount());
  }

  @Test
  void write_modelOfAnotherSchema_isRefused() throws Exception {
    FeatureSchema other = new FeatureSchema(3, FeatureExtractor.schema().names());
    ModelProto.Builder changed = ModelProto.parseFrom(champion.bytes()).toBuilder();
    for (StringStringEntryProto.Builder property : changed.getMetadataPropsBuilderList()) {
      if (property.getKey().equals(ModelFile.SCHEMA_VERSION)) {
        property.setValue("3");
      } else if (property.getKey().equals(ModelFile.SCHEMA_SHA256)) {
        property.setValue(other.sha256());
      }
    }
    ModelFile model = ModelFile.read(changed.build().toByteArray(), "other");
    Exception e = assertThrows(IllegalArgumentException.class, () -> PipelineExport.write(model));
    assertTrue(e.getMessage().startsWith("the model expects feature schema v3 with"), e.getMessage());
  }

  private static void assertSame(Differences differences) {
    assertEquals(List.of(), differences.examples());
    assertTrue(differences.prefixes() > 50, "only " + differences.prefixes() + " prefixes were compared");
  }
}
