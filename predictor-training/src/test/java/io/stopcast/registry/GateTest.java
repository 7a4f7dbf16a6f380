package io.stopcast.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.model.Promise;
import io.stopcast.model.Promises;
import io.stopcast.model.RegretLimit;
import io.stopcast.model.Verification;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.OnnxExport;
import io.stopcast.train.Recipe;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final RegretLimit LIMIT = new RegretLimit.Exceeding(0.02, 0.1);
  private static final ModelFile PLAIN =
      new LearnedRecipe(new Recipe(3, 2, 0.3, 0.6, 0.8, 1, 1, 8, Integer.MAX_VALUE, 0.3, 0, 0, 10, 10, 1, 2, 0.5, 0.5, 1))
          .train(ScoredRun.of(RecordedRuns.history(3, 6, 1)), new double[] {0.1}, Map.of());

  private static ModelFile promising(Promise.Unit unit, RegretLimit limit, double confidence, Promise.Certificate certificate) {
    Promise promise = new Promise(unit, limit, confidence, 100, new TreeMap<>(Map.of(0.1, certificate)));
    return OnnxExport.withPromises(PLAIN, new Promises(List.of(promise)));
  }

  private static ModelFile promising(Promise.Unit unit, RegretLimit limit, double confidence) {
    return promising(unit, limit, confidence, new Promise.Certificate(0.6, 0));
  }

  @Test
  void promises_keptOrStricter_pass() {
    ModelFile champion = promising(Promise.Unit.RUN, LIMIT, 0.9);
    assertTrue(Gate.promises(champion, champion).passed());
    assertTrue(Gate.promises(promising(Promise.Unit.RUN, new RegretLimit.Exceeding(0.01, 0.05), 0.95), champion).passed());
    assertTrue(Gate.promises(champion, PLAIN).passed());
    assertTrue(Gate.promises(PLAIN, PLAIN).passed());
  }

  @Test
  void promises_lostLooserOrForOthers_object() {
    ModelFile champion = promising(Promise.Unit.RUN, LIMIT, 0.9);
    for (ModelFile challenger :
        List.of(
            PLAIN,
            promising(Promise.Unit.TASK, LIMIT, 0.9),
            promising(Promise.Unit.RUN, new RegretLimit.Exceeding(0.03, 0.1), 0.9),
            promising(Promise.Unit.RUN, new RegretLimit.Mean(0.001), 0.9),
            promising(Promise.Unit.RUN, LIMIT, 0.8))) {
      Finding finding = Gate.promises(challenger, champion);
      assertFalse(finding.passed(), finding.says());
      assertTrue(finding.says().startsWith("the champion promises P(regret > 0.02) <= 0.1 for a new run of a known task"), finding.says());
    }
  }

  @Test
  void promises_familyWithoutItsCertificate_objects() {
    NavigableMap<Double, Promise.Certificate> byPrice = new TreeMap<>(Map.of(0.1, new Promise.Certificate(0.6, 0)));
    Promise.OfFamily own = new Promise.OfFamily(40, byPrice);
    ModelFile both = withFamilies(byPrice, Map.of("text", own, "vision", own));
    ModelFile one = withFamilies(byPrice, Map.of("text", own));
    assertTrue(Gate.promises(both, one).passed());
    Finding finding = Gate.promises(one, both);
    assertFalse(finding.passed());
    assertEquals(
        "the champion promises P(regret > 0.02) <= 0.1 for vision by itself, and it does not; retrain with --by-family, or promote it by hand",
        finding.says());
  }

  private static ModelFile withFamilies(NavigableMap<Double, Promise.Certificate> byPrice, Map<String, Promise.OfFamily> families) {
    Promise promise = new Promise(Promise.Unit.RUN, LIMIT, .9, 100, byPrice, new TreeMap<>(families));
    return OnnxExport.withPromises(PLAIN, new Promises(List.of(promise)));
  }

  @Test
  void promises_nothingCertifiedAnyMore_objects() {
    ModelFile champion = promising(Promise.Unit.RUN, LIMIT, 0.9);
    ModelFile challenger = promising(Promise.Unit.RUN, LIMIT, 0.9, Promise.Certificate.never(12));
    Finding finding = Gate.promises(challenger, champion);
    assertFalse(finding.passed());
    assertTrue(finding.says().startsWith("nothing but never stopping was certified"), finding.says());
    assertTrue(Gate.promises(champion, challenger).passed());
    assertTrue(Gate.promises(challenger, challenger).passed());
    assertEquals(1, Gate.promises(challenger, challenger).figures().get("promises"));
  }

  @Test
  void scorers_tellWhatWasComparedWithWhat() {
    assertEquals(
        "Finding[check=scorers, passed=true, says=Java and ONNX Runtime agree bit for bit, figures={golden_rows=8, compared_rows=108}]",
        Gate.scorers(new Verification(8, 108, true, 0, 0, Optional.empty())).toString());
    assertEquals(
        "Finding[check=scorers, passed=true, says=ONNX Runtime is not at hand, so nothing was compared with it, figures={golden_rows=8, compared_rows=0}]",
        Gate.scorers(new Verification(8, 0, false, 0, 0, Optional.empty())).toString());
    assertEquals(
        "Finding[check=scorers, passed=false, says=its file does not verify: row 3 differs, figures={golden_rows=8, compared_rows=108}]",
        Gate.scorers(new Verification(8, 108, true, 1, 0.5, Optional.of("row 3 differs"))).toString());
  }
}
