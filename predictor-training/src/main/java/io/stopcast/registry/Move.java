package io.stopcast.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One move of a registry, and a line of its {@code history.jsonl}: what was done, to which version, why, on what figures, and what the aliases
 * named afterwards.
 *
 * <p>It has no time: the same moves give the same bytes, on any day. When a nightly job moved what, its log tells.
 *
 * @param number from 1, without a gap
 * @param reason one line for people
 * @param figures what the reason rests on; values are numbers, texts, lists and maps of them
 * @param after what the aliases named after it
 */
public record Move(int number, Event event, String version, String reason, Map<String, Object> figures, Aliases after) {
  /** What to do about a history that is none. */
  static final String MEND = "restore the file, or move it away, and a new history begins";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public Move {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** The line, without its end. */
  String line() {
    try {
      return JSON.writeValueAsString(asMap());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the figures of a move must be plain values: " + e.getOriginalMessage(), e);
    }
  }

  /** As it stands in the history. */
  public Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("move", number);
    map.put("event", event.word());
    map.put("version", version);
    map.put("reason", reason);
    map.put("champion", after.champion().orElse(null));
    map.put("challenger", after.challenger().orElse(null));
    map.put("previous", after.previous().orElse(null));
    map.put("figures", figures);
    return map;
  }

  /**
   * Reads a line.
   *
   * @param where to be named in a message
   */
  static Move parse(String line, String where) throws IOException {
    try {
      JsonNode node = JSON.readTree(line);
      Optional<Event> event = Event.of(node.path("event").asText());
      int number = node.path("move").asInt(0);
      JsonNode figures = node.path("figures");
      if (event.isEmpty() || number < 1 || !ModelRegistry.isVersion(node.path("version").asText()) || !figures.isObject()) {
        throw new IOException("%s is no move of a registry: %.120s; %s".formatted(where, line, MEND));
      }
      return new Move(
          number,
          event.get(),
          node.path("version").asText(),
          node.path("reason").asText(),
          JSON.convertValue(figures, new TypeReference<LinkedHashMap<String, Object>>() {}),
          new Aliases(alias(node, ModelRegistry.CHAMPION), alias(node, ModelRegistry.CHALLENGER), alias(node, ModelRegistry.PREVIOUS)));
    } catch (JsonProcessingException e) {
      throw new IOException("%s is not JSON: %s; %s".formatted(where, e.getOriginalMessage(), MEND), e);
    }
  }

  private static Optional<String> alias(JsonNode node, String name) {
    return Optional.of(node.path(name).asText("")).filter(ModelRegistry::isVersion);
  }
}
