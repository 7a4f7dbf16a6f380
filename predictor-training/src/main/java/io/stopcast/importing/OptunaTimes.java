package io.stopcast.importing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/** Times as Python writes them, {@code 2026-11-24 18:29:35.347913} or with a {@code T} and an offset; UTC without one. */
final class OptunaTimes {
  private static final DateTimeFormatter ISO = DateTimeFormatter.ISO_DATE_TIME;

  private OptunaTimes() {}

  /** Nothing for what is no such time, and for null. */
  static Optional<Instant> parse(String text) {
    if (text == null || text.length() > 40) {
      return Optional.empty();
    }
    try {
      TemporalAccessor time = ISO.parseBest(text.trim().replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          time instanceof OffsetDateTime at ? at.toInstant() : LocalDateTime.from(time).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
