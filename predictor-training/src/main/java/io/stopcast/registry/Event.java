package io.stopcast.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a {@link Move} did. */
public enum Event {
  /** A version was published and is the challenger. */
  PUBLISH,
  /** A version became the champion. */
  PROMOTE,
  /** The champion before became the champion again. */
  ROLLBACK,
  /** A version was kept from becoming the champion. */
  REFUSE;

  /** The name in {@code history.jsonl}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Event> of(String word) {
    return Arrays.stream(values()).filter(event -> event.word().equals(word)).findFirst();
  }
}
