package io.stopcast.nightly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.model.ModelFile;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Run;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftTest {
  private static final double LIMIT = 0.25;

  private static final Recipe RECIPE = new Recipe(5, 3, 0.3, 0.6, 0.8, 1, 1, 8, Integer.MAX_VALUE, 0.3, 0, 0, 10, 10, 1, 2, 0.5, 0.5, 1);

  private ModelFile model;
  private Profile before;

  @BeforeAll
  void train() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(6, 20, 1));
    model = new LearnedRecipe(RECIPE).train(runs, new double[] {0.1}, Map.of());
    before = Profile.of(model, runs, 0.1);
  }

  private Drift drift(List<Run> runs) {
    return Drift.of(before, before.same(model, ScoredRun.of(runs)));
  }

  @Test
  void of_moreOfTheSame_isNoDrift() {
    assertEquals(List.of(), drift(RecordedRuns.history(6, 20, 77_001)).beyond(LIMIT));
  }

  @Test
  void of_theSameRuns_isNothing() {
    assertEquals(0, drift(RecordedRuns.history(6, 20, 1)).columns().get(0).psi());
  }

  /** Curves that fall from their first value on, where all rose before. */
  @Test
  void of_curvesOfAnotherShape_isDriftOfFeaturesAndScore() {
    List<Run> falling = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double[] values = new double[35];
      for (int t = 0; t < values.length; t++) {
        values[t] = -t * (1 + i) + 0.3 * (t * 7919 % 5);
      }
      falling.add(RecordedRuns.of("test/data" + i % 6, "falling" + i, values));
    }
    Drift drift = drift(falling);
    List<String> drifted = drift.beyond(LIMIT).stream().map(Drift.Column::name).toList();
    assertTrue(drifted.size() > 10, drifted.toString());
    assertTrue(drifted.contains("score"), drifted.toString());
  }

  /** Scores at another price are others: a plan with other prices than the champion's must not look like drift. */
  @Test
  void same_isAskedAtThePriceOfTheProfile() {
    List<ScoredRun> runs = ScoredRun.of(RecordedRuns.history(6, 20, 1));
    ModelFile two = new LearnedRecipe(RECIPE).train(runs, new double[] {0.01, 1}, Map.of());
    Profile low = Profile.of(two, runs, 0.01);
    Profile high = Profile.of(two, runs, 1);
    assertEquals(high, high.same(two, runs));
    assertTrue(Drift.of(low, high).score().orElseThrow().psi() > LIMIT, Drift.of(low, high).score().toString());
  }

  @Test
  void format_thenParse_isTheSame() throws Exception {
    assertEquals(before, Profile.parse(before.format(), "there"));
    assertEquals(Double.NaN, Profile.parse("{\"runs\": 3}".getBytes(UTF_8), "there").price());
    assertEquals(model.schema().size(), before.columns().size());
    before.columns().values().forEach(column -> assertEquals(1, column.shares().stream().mapToDouble(d -> d).sum(), 1e-4));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"runs\": 3, \"columns\": {\"score\": {\"cuts\": [0.5], \"shares\": [0, 1]}}} | there is no profile: 1 cuts need 3 shares, but have 2",
        "{\"runs\": 3                                                                   | there is not JSON: Unexpected end-of-input"
      })
  void parse_noProfile_saysWhereAndWhy(String text, String message) {
    IOException e = assertThrows(IOException.class, () -> Profile.parse(text.getBytes(UTF_8), "there"));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
