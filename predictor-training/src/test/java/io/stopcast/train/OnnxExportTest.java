package io.stopcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Attribution;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.model.OnnxRuntimeModel;
import io.stopcast.model.PriceThresholds;
import io.stopcast.model.StopModel;
import io.stopcast.model.Verification;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxExportTest {
  private static final int FEATURES = 12;
  private static final FeatureSchema SCHEMA =
      new FeatureSchema(3, IntStream.range(0, FEATURES).mapToObj(i -> "feature." + i).toList());
  private static final PriceThresholds THRESHOLDS = PriceThresholds.parse("0.03=0.61;0.1=0.55;0.3=0.5");

  @ParameterizedTest(name = "{0} trees of depth {1}, method {2}")
  @CsvSource({"100, 5, hist", "30, 9, exact", "3, 1, approx", "5, 14, hist"})
  void write_trainedBooster_javaEqualsOnnxRuntimeOnEveryRow(int rounds, int depth, String method) throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 3000, rounds, Map.of("max_depth", depth, "tree_method", method));
    ModelFile file = export(booster, new TreeMap<>());

    assertEquals(rounds, file.trees());
    assertEquals(new Verification(30, 100_030, true, 0, 0, Optional.empty()), Verification.of(file, 100_000, 11));
  }

  @ParameterizedTest(name = "{0} trees of depth {1}, gamma {2}, base score {3}")
  @CsvSource({"100, 5, 0, 0.5", "200, 6, 0, 0.123", "20, 8, 2, 0.9"})
  void write_trainedBooster_scoresAsTheBoosterDoes(int rounds, int depth, double gamma, double base) throws Exception {
    Booster booster =
        TrainedBooster.train(
            FEATURES, 3000, rounds, Map.of("max_depth", depth, "gamma", gamma, "base_score", base, "eta", 0.1));
    ModelFile file = export(booster, new TreeMap<>());
    float[][] rows = TrainedBooster.rows(FEATURES, 20_000, 5);
    float[][] expected = booster.predict(TrainedBooster.matrix(rows), true);
    StopModel java = file.scorer();
    try (OnnxRuntimeModel onnx = OnnxRuntimeModel.open(file)) {
      float[] margins = onnx.margins(rows);
      float[] probabilities = onnx.probabilities(rows);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(margins[i], java.margin(rows[i]));
        assertEquals(expected[i][0], margins[i]);
        assertEquals(java.score(rows[i]), probabilities[i], 1e-6);
      }
    }
  }

  /** XGBoost has its own implementation, in float32 and with unrounded covers. */
  @ParameterizedTest(name = "{0} trees of depth {1}")
  @CsvSource({"100, 5", "10, 10"})
  void write_trainedBooster_explainsAsTheBoosterDoes(int rounds, int depth) throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 3000, rounds, Map.of("max_depth", depth, "eta", 0.1));
    StopModel java = export(booster, new TreeMap<>()).scorer();
    float[][] rows = TrainedBooster.rows(FEATURES, 300, 5);
    float[][] expected = booster.predictContrib(TrainedBooster.matrix(rows), 0);
    for (int i = 0; i < rows.length; i++) {
      Attribution attribution = java.attribution(rows[i]).orElseThrow();
      assertEquals(java.margin(rows[i]), attribution.margin(), 1e-5);
      assertEquals(expected[i][FEATURES], attribution.base(), 1e-3);
      for (int f = 0; f < FEATURES; f++) {
        assertEquals(expected[i][f], attribution.parts()[f], 1e-3, "feature " + f);
      }
    }
  }

  @Test
  void write_sameInput_sameBytes() throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 500, 10, Map.of("max_depth", 4));
    SortedMap<String, String> metadata =
        new TreeMap<>(Map.of(ModelFile.PROVENANCE, "by a test", "stopcast.note", "ä"));
    byte[] bytes = bytes(booster, metadata);
    assertArrayEquals(bytes, bytes(booster, metadata));
  }

  @Test
  void write_allThatTravelsAlong_readsBack() throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 500, 10, Map.of("max_depth", 4));
    ModelFile file = export(booster, new TreeMap<>(Map.of(ModelFile.PROVENANCE, "line\nline", "stopcast.note", "ä")));
    assertEquals(SCHEMA, file.schema());
    assertEquals(THRESHOLDS, file.thresholds());
    assertEquals("line\nline", file.metadata().get(ModelFile.PROVENANCE));
    assertEquals("ä", file.metadata().get("stopcast.note"));
    assertEquals(30, file.golden().size());
    StopModel scorer = file.scorer();
    for (int i = 0; i < file.golden().size(); i++) {
      assertArrayEquals(TrainedBooster.rows(FEATURES, 30, 7)[i], file.golden().row(i));
      assertEquals(scorer.margin(file.golden().row(i)), file.golden().margin(i));
    }
  }

  @Test
  void write_reservedProperty_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 500, 1, Map.of());
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> bytes(booster, new TreeMap<>(Map.of(ModelFile.GOLDEN, ""))));
    assertEquals("property 'stopcast.golden' is written by the export; leave it out", e.getMessage());
  }

  @Test
  void write_propertyOfOthers_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 500, 1, Map.of());
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> bytes(booster, new TreeMap<>(Map.of("ort_config", "{}"))));
    assertTrue(e.getMessage().contains("E-MODEL-018"), e.getMessage());
  }

  @Test
  void write_fewerNamesThanFeatures_isRefused() throws Exception {
    Booster booster = TrainedBooster.train(FEATURES, 500, 1, Map.of());
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                OnnxExport.write(
                    BoosterDump.read(booster),
                    new FeatureSchema(1, SCHEMA.names().subList(0, 11)),
                    THRESHOLDS,
                    Collections.emptySortedMap(),
                    new float[0][]));
    assertEquals(
        "the booster was trained on 12 features, but the schema names only 11; pass the schema it was trained for",
        e.getMessage());
  }

  private static ModelFile export(Booster booster, SortedMap<String, String> metadata)
      throws XGBoostError, ModelRejectedException {
    return ModelFile.read(bytes(booster, metadata), "test.onnx");
  }

  private static byte[] bytes(Booster booster, SortedMap<String, String> metadata) {
    return OnnxExport.write(
            BoosterDump.read(booster), SCHEMA, THRESHOLDS, metadata, TrainedBooster.rows(FEATURES, 30, 7))
        .bytes();
  }
}
