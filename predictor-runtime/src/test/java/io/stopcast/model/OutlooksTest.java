package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlooksTest {
  private static final String TEXT =
      """
      1
      alone 0.1
      0.25 0.1 0.5 0.2 0.8 0.5
      0.75 0.9 0.2 0.0 0.5 0.25
      alone 0.3
      0.5 0.6 0.1 0.0 0.2 0.1
      history 0.1
      0.5 1.0 0.0 0.0 0.0 0.0
      """;

  private final Outlooks outlooks = Outlooks.parse(TEXT);

  @ParameterizedTest(name = "score {0} at price {1} -> {2}")
  @CsvSource({
    "0, 0.1, 0.1",
    "0.25, 0.1, 0.1",
    "0.5, 0.1, 0.5",
    "0.7, 0.1, 0.82",
    "1, 0.1, 0.9",
    "NaN, 0.1, NaN",
    "0.5, 0.3, 0.6",
    "1, 9, 0.6",
    "0.5, 0.01, 0.5",
    "0.25, 0.17320508, 0.35"
  })
  void probability_isLinearBetweenKnotsAndInTheLogarithmOfThePrice(double score, double price, double expected) {
    assertEquals(expected, outlooks.at(price, false).orElseThrow().probability(score), 1e-7);
  }

  @Test
  void outlook_sharesBecomeGainsInTheUnitAndPoints() {
    OutlookCurve curve = outlooks.at(.1, false).orElseThrow();
    assertEquals(new Outlook(.1, 2, .5, 8, 10), rounded(curve.outlook(.25, 2, 10, Double.NaN)));
    assertEquals(new Outlook(.9, .5, 0, 2, 2), rounded(curve.outlook(.75, 2, 10, 2)), "no more points than are planned");
    assertEquals(
        new Outlook(.1, Double.NaN, Double.NaN, Double.NaN, 10), rounded(curve.outlook(.25, 0, 10, Double.NaN)));
  }

  private static Outlook rounded(Outlook o) {
    return new Outlook(
        round(o.probability()), round(o.gain()), round(o.gainMedian()), round(o.gainHigh()), round(o.pointsToGain()));
  }

  private static double round(double value) {
    return Double.isNaN(value) ? value : Math.rint(value * 1e9) / 1e9;
  }

  @Test
  void at_withHistory_takesItsOwnCurvesIfThereAreAny() {
    assertEquals(1, outlooks.at(.1, true).orElseThrow().probability(.3));
    Outlooks alone = new Outlooks(outlooks.alone(), new TreeMap<>());
    assertEquals(.6, alone.at(.3, true).orElseThrow().probability(.3));
    assertEquals(Optional.empty(), Outlooks.NONE.at(.3, true));
  }

  @Test
  void format_readsBack() {
    assertEquals(TEXT, outlooks.format());
    assertEquals("1\n", Outlooks.NONE.format());
    assertEquals(Outlooks.NONE, Outlooks.parse("1\n"));
  }

  @Test
  void at_anyTwoRandomCurves_isACurve() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2000; i++) {
      OutlookCurve a = random(random);
      OutlookCurve b = random(random);
      OutlookCurve mixed = a.towards(b, random.nextInt(3) == 0 ? .1 * random.nextInt(11) : random.nextDouble());
      double before = 0;
      for (int k = 0; k <= 100; k++) {
        double now = mixed.probability(k / 100.0);
        assertTrue(now >= before - 1e-12 && now <= 1, now + " after " + before);
        before = now;
      }
    }
  }

  private static OutlookCurve random(SplittableRandom random) {
    int n = 1 + random.nextInt(24);
    double[] score = random.doubles(n).map(x -> Math.rint(x * 1e6) / 1e6).distinct().sorted().toArray();
    n = score.length;
    double[] probability = random.doubles(n).map(x -> Math.rint(x * 20) / 20).sorted().toArray();
    double[] median = random.doubles(n, 0, .9999).toArray();
    double[] high = new double[n];
    for (int i = 0; i < n; i++) {
      high[i] = random.nextBoolean() ? median[i] : median[i] + (.9999 - median[i]) * random.nextDouble();
    }
    return new OutlookCurve(score, probability, median, median, high, median);
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1\\nalone | 2\\nalone | outlooks should be of version 1 and below 4096 lines, but begin with \"2\"",
        "alone 0.1 | other 0.1 | a curve begins with its kind and price, but found \"other 0.1\"",
        "alone 0.1 | alone | a curve begins with its kind and price, but found \"alone\"",
        "alone 0.3 | alone 0.1 | alone at price \"0.1\" is there twice",
        "alone 0.3 | alone -0.3 | a number was expected, but found \"-0.3\"",
        "alone 0.3 | alone 0 | a price must be positive and finite, but was 0.0",
        "0.5 0.6 0.1 | 0.6 0.1 | a knot has 6 numbers, but found \"0.6 0.1 0.0 0.2 0.1\"",
        "0.2 0.1\\nhistory | 0.2 0.1 0\\nhistory | a knot has 6 numbers, but found \"0.5 0.6 0.1 0.0 0.2 0.1 0\"",
        "0.75 0.9 | 0.75 NaN | a number was expected, but found \"NaN\"",
        "0.75 0.9 | 0.75 0..9 | multiple points",
        "0.75 0.9 | 0.75 1.1 | the knots of an outlook must be probabilities and shares within 0..1, but knot 1 does not",
        "0.75 0.9 | 0.25 0.9 | the knots of an outlook must ascend by score, and by probability never fall, but knot 1 does not",
        "0.75 0.9 | 0.75 0.05 | the knots of an outlook must ascend by score, and by probability never fall, but knot 1 does not",
        "0.5 0.25 | 1 0.25 | the knots of an outlook must be probabilities and shares within 0..1, but knot 1 does not",
        "0.2 0.8 | 0.9 0.8 | the knots of an outlook must have a median gain that is not above the high one, but knot 0 does not",
        "0.0 0.0\\n | 0.0 0.0 | outlooks end with a line break, and nothing follows it",
        "0.0 0.0\\n | 0.0 0.0\\n\\nmore | outlooks end with a line break, and nothing follows it",
        "history 0.1\\n0.5 1.0 0.0 0.0 0.0 0.0\\n | history 0.1\\n | an outlook needs 1..128 knots and each of its numbers at all of them, but has 0, 0, 0, 0, 0, 0"
      })
  void read_anythingElse_isRefused(String old, String changed, String message) {
    String text = TEXT.replace(old.replace("\\n", "\n"), changed.replace("\\n", "\n"));
    ModelProto.Builder model = RandomModel.of(3, 1, 1, 1, 1);
    model.addMetadataProps(RandomModel.entry(ModelFile.OUTLOOK, text));
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> RandomModel.file(model));
    assertEquals("E-MODEL-018 test.onnx rejected: stopcast.outlook: " + message, e.getMessage());
  }

  @Test
  void read_fileWithout_knowsNothing() throws Exception {
    assertEquals(Outlooks.NONE, RandomModel.file(RandomModel.of(3, 1, 1, 1, 1)).outlooks());
    ModelProto.Builder model = RandomModel.of(3, 1, 1, 1, 1);
    model.addMetadataProps(RandomModel.entry(ModelFile.OUTLOOK, TEXT));
    assertEquals(TEXT, RandomModel.file(model).outlooks().format());
  }
}
