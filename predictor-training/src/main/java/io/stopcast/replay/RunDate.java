package io.stopcast.replay;

import io.stopcast.run.RunContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a run started: its context's {@code started}, an ISO date or date-time, or else the first date in its name, with the
 * time if that follows. UTC unless it says otherwise; a date alone is its midnight.
 */
final class RunDate {
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .toFormatter();
  private static final Pattern IN_NAME =
      Pattern.compile("(?<!\\d)((?:19|20)\\d\\d-\\d\\d-\\d\\d)(?:[T_ -](\\d\\d)[:-](\\d\\d)[:-](\\d\\d))?(?!\\d)");

  private RunDate() {}

  /** Nothing for a run of which nobody knows. */
  static Optional<Instant> of(RunContext run) {
    Object started = run.parameters().get("started");
    Optional<Instant> told = started == null ? Optional.empty() : parse(started.toString().trim().replace(' ', 'T'));
    return told.isPresent() ? told : inName(run.run());
  }

  private static Optional<Instant> inName(String name) {
    Matcher date = IN_NAME.matcher(name);
    while (date.find()) {
      String time = date.group(2) == null ? "" : "T" + date.group(2) + ':' + date.group(3) + ':' + date.group(4);
      Optional<Instant> found = parse(date.group(1) + time);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> parse(String text) {
    try {
      TemporalAccessor parsed = ISO.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (parsed instanceof OffsetDateTime at) {
        return Optional.of(at.toInstant());
      }
      LocalDateTime local = parsed instanceof LocalDate day ? day.atStartOfDay() : (LocalDateTime) parsed;
      return Optional.of(local.toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty(); // something else is written there
    }
  }
}
