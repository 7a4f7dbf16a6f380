package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.FeatureSchema;
import io.stopcast.model.Attribution;
import io.stopcast.model.Outlook;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReasonTest {
  private static final FeatureSchema SCHEMA =
      new FeatureSchema(1, List.of("since.best", "since.step_3", "gain.y_1", "prior.runs", "odd.one", "price"));

  @Test
  void of_score_saysThresholdAndPrice() {
    assertEquals("P(stopping is right) 0.871 >= 0.640 at price 0.1", Reason.of(.871, .64, .1));
  }

  @Test
  void of_outlook_saysWhatIsExpected() {
    assertEquals(
        "P(stopping is right) 0.970 at price 0.1: score 0.871 >= 0.640; 0.00412 more expected in 12 points",
        Reason.of(.871, .64, .1, new Outlook(.97, .0041234, 0, .02, 11.3)));
    assertEquals(
        "P(stopping is right) 0.970 at price 0.1: score 0.871 >= 0.640; gain unknown",
        Reason.of(.871, .64, .1, new Outlook(.97, Double.NaN, Double.NaN, Double.NaN, 3)));
    assertEquals(
        "P(stopping is right) 0.970 at price 0.1: score 0.871 >= 0.640; 0.2 more expected in 1 point",
        Reason.of(.871, .64, .1, new Outlook(.97, .2, 0, 0, .3)));
    assertEquals(
        "P(stopping is right) 0.970 at price 0.1: score 0.871 >= 0.640; no more expected",
        Reason.of(.871, .64, .1, new Outlook(.97, 0, 0, 0, .3)));
  }

  @Test
  void because_groups_areTheThreeStrongestEachByItsStrongestFeature() {
    Attribution attribution =
        new Attribution(
            SCHEMA,
            0,
            new double[] {.3, .2, .4, -.1, .01, 9},
            new float[] {14, 3, 0.00002f, 4, Float.NaN, -1});
    assertEquals(
        "Stop; because of age of the best (best 14) and recent gains (y_1 2.0e-05) and odd (one unknown)",
        Reason.because("Stop", attribution));
  }

  @Test
  void because_groupThatSpeaksAgainst_isLeftOut() {
    Attribution attribution = new Attribution(SCHEMA, 0, new double[] {.3, -.4, -.1, 0, 0, 0}, new float[6]);
    assertEquals("Stop", Reason.because("Stop", attribution));
  }

  @Test
  void because_anyRow_isOneShortLineWithoutComma() {
    FeatureSchema schema = FeatureExtractor.schema();
    SplittableRandom random = new SplittableRandom(1);
    int longest = 0;
    for (int i = 0; i < 1000; i++) {
      double[] parts = new double[schema.size()];
      float[] row = new float[schema.size()];
      for (int f = 0; f < row.length; f++) {
        parts[f] = random.nextGaussian();
        row[f] = (float) ((1 << random.nextInt(25)) * random.nextGaussian() * Math.pow(10, -random.nextInt(9)));
      }
      Outlook outlook = new Outlook(random.nextDouble(), 1e9 * random.nextDouble(), 0, 0, 1e7 * random.nextDouble());
      String reason = Reason.because(Reason.of(.123, .4, .123456789, outlook), new Attribution(schema, 0, parts, row));
      assertTrue(reason.length() <= Reason.LONGEST && reason.indexOf(',') < 0 && reason.indexOf('\n') < 0, reason);
      longest = Math.max(longest, reason.length());
    }
    assertTrue(longest > 150, "longest " + longest);
  }

  @Test
  void phrases_everyGroupOfTheSchema_hasOne() {
    assertEquals(
        FeatureExtractor.schema().names().stream()
            .filter(name -> name.contains("."))
            .map(name -> name.substring(0, name.indexOf('.')))
            .collect(Collectors.toSet()),
        Reason.PHRASES.keySet());
  }
}
