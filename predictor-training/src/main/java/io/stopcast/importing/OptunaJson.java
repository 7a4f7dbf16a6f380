package io.stopcast.importing;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON that Optuna writes: Python's, with bare NaN and Infinity. Not safe for several threads. */
final class OptunaJson {
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(64)
                          .maxStringLength(64 << 10)
                          .maxNameLength(1 << 10)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int CACHED = 1_000;

  /** By their text: a study repeats a few of them in each trial. */
  private final Map<String, OptunaDistribution> distributions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, OptunaDistribution> eldest) {
          return size() > CACHED;
        }
      };

  /**
   * Parses one value.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The distribution that a text describes.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  OptunaDistribution distribution(String text) {
    OptunaDistribution known = distributions.get(text);
    if (known == null) {
      known = OptunaDistribution.of(parse(text));
      distributions.put(text, known);
    }
    return known;
  }
}
