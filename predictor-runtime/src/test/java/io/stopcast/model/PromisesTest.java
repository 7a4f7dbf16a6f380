package io.stopcast.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromisesTest {
  private static final String TEXT =
      """
      1
      run 0.9 745 exceeding 0.02 0.1
      0.03 0.5
      0.1 0.75
      0.3 never 12
      of 40 text/small é
      0.03 0.25
      0.1 never 3
      0.3 0.9
      of 171 vision
      0.03 0.6
      0.1 0.85
      0.3 never 5
      run 0.9 745 exceeding 0.01 0.1
      0.1 0.9
      task 0.95 40 mean 0.01
      0.1 never 190
      task 0.95 40 exceeding 0.1 0.1 early 0.5
      0.1 0.8
      """;

  private final Promises promises = Promises.parse(TEXT);

  @Test
  void format_readsBack() {
    assertEquals(TEXT, promises.format());
    assertEquals(Promises.NONE, Promises.parse("1\n"));
    assertEquals("1\n", Promises.NONE.format());
  }

  @Test
  void parse_values() {
    Promise promise = promises.all().get(0);
    assertEquals(Promise.Unit.RUN, promise.unit());
    assertEquals(new RegretLimit.Exceeding(.02, .1), promise.limit());
    assertEquals(.9, promise.confidence());
    assertEquals(745, promise.units());
    assertEquals(.75, promise.byPrice().get(.1).threshold());
    assertTrue(promise.byPrice().get(.1).isCertified());
    assertEquals(Double.POSITIVE_INFINITY, promise.byPrice().get(.3).threshold());
    assertEquals(12, promise.byPrice().get(.3).missing());
    assertEquals(Optional.of(.3), promise.boldestPrice(), "for one family");
    assertEquals(List.of("text/small é", "vision"), List.copyOf(promise.families().keySet()));
    assertEquals(40, promise.families().get("text/small é").units());
    assertEquals(.9, promise.families().get("text/small é").byPrice().get(.3).threshold());
    assertTrue(promise.isCertifiedAt(.3) && !promise.isCertifiedAt(.2) && !promises.all().get(2).isCertifiedAt(.1));
    assertEquals(Optional.empty(), promises.all().get(2).boldestPrice());
    assertEquals(
        "P(regret > 0.02) <= 0.1 for a new run of a known task, with confidence 0.9 by 745 units; by certificates of their own for"
            + " text/small é, vision",
        promise.toString());
  }

  @ParameterizedTest(name = "{0}, {1} -> promise {2}")
  @CsvSource({
    "run, exceeding 0.02 0.1, 0",
    "run, exceeding 0.05 0.2, 0",
    "run, exceeding 0.015 0.1, 1",
    "run, exceeding 0.005 0.1, -1",
    "run, mean 0.5, -1",
    "task, mean 0.01, 2",
    "task, exceeding 0.5 0.5, 3",
    "task, exceeding 0.1 0.1 early 0.5, 3",
    "task, exceeding 0.1 0.2 early 0.5, 3",
    "task, exceeding 0.1 0.1 early 0.4, -1",
    "run, exceeding 0.02 0.1 early 0.5, -1"
  })
  void covering_isTheLoosestThatServes(String unit, String limit, int expected) {
    Optional<Promise> found = promises.covering(Promise.Unit.of(unit), RegretLimit.parse(limit));
    assertEquals(expected < 0 ? Optional.empty() : Optional.of(promises.all().get(expected)), found);
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1\\nrun | 2\\nrun | promises should be of version 1 and below 4096 lines, but begin with \"2\"",
        "run 0.9 745 exceeding 0.02 | job 0.9 745 exceeding 0.02 | a promise is for a new 'run' of a known task or for a new 'task', but not for \"job\"",
        "745 exceeding 0.02 0.1 | x exceeding 0.02 0.1 | a promise begins with unit, confidence, number of units and limit, but found \"run 0.9 x exceeding 0.02 0.1\"",
        "745 exceeding 0.02 0.1 | 745 exceeding 0.02 | a limit looks like 'exceeding 0.02 0.1', 'mean 0.01' or one of these and 'early 0.5', but was \"exceeding 0.02\"",
        "run 0.9 745 exceeding 0.02 | run 0.4 745 exceeding 0.02 | the confidence must be at least 0.5 and below 1, such as 0.9, but was 0.4",
        "0.03 0.5 | 0.03 1.5 | a certificate has a threshold within 0..1 and nothing missing, or none and something missing, but has 1.5 and 0",
        "never 12 | never 0 | a certificate has a threshold within 0..1 and nothing missing, or none and something missing, but has Infinity and 0",
        "never 12 | 12 13 | a certificate has a price and a threshold, or never and a number of units, but found \"0.3 12 13\"",
        "0.03 0.5 | 0.1 0.5 | price \"0.1\" is there twice",
        "0.03 0.5 | -1 0.5 | a number was expected, but found \"-1\"",
        "of 171 vision | of vision | a family has a number of units and a name, but found \"of vision\"",
        "of 171 vision | of x vision | a family has a number of units and a name, but found \"of x vision\"",
        "of 171 vision | of 171 text/small é | family \"text/small é\" is there twice",
        "0.1 0.85\\n0.3 never 5\\n | 0.1 0.85\\n | a family has a name of 1 to 100 characters, none of them a control, and the prices [0.03, 0.1, 0.3], but \"vision\" has [0.03, 0.1]",
        "of 171 vision | of 171 a\tb | a family has a name of 1 to 100 characters, none of them a control, and the prices [0.03, 0.1, 0.3], but \"a\\u0009b\" has [0.03, 0.1, 0.3]",
        "0.01 0.1 | 0.02 0.1 | P(regret > 0.02) <= 0.1 for a new run of a known task is promised twice",
        "early 0.5\\n0.1 0.8\\n | early 0.5\\n0.1 0.8 | promises end with a line break, and nothing follows it",
        "0.1 0.8\\n | 0.1 0.8\\n\\nmore | promises end with a line break, and nothing follows it",
        "0.1 never 190\\n | '' | a promise needs a number of units and at least one price, but has 40 and 0"
      })
  void read_anythingElse_isRefused(String old, String changed, String message) {
    String text = TEXT.replace(old.replace("\\n", "\n"), changed.replace("\\n", "\n"));
    assertFalse(text.equals(TEXT));
    ModelProto.Builder model = RandomModel.of(3, 1, 1, 1, 1);
    model.addMetadataProps(RandomModel.entry(ModelFile.PROMISE, text));
    ModelRejectedException e = assertThrows(ModelRejectedException.class, () -> RandomModel.file(model));
    assertEquals("E-MODEL-018 test.onnx rejected: stopcast.promise: " + message, e.getMessage());
  }

  @Test
  void read_fileWithout_promisesNothing() throws Exception {
    assertEquals(Promises.NONE, RandomModel.file(RandomModel.of(3, 1, 1, 1, 1)).promises());
    ModelProto.Builder model = RandomModel.of(3, 1, 1, 1, 1);
    model.addMetadataProps(RandomModel.entry(ModelFile.PROMISE, TEXT));
    assertEquals(promises, RandomModel.file(model).promises());
  }
}
