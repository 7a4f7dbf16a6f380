package io.stopcast.live;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counts what goes wrong, and tells of it at most once a minute, so that a flood of faults is no flood of lines. Never
 * throws and never waits, beyond what the taker of the lines does. Safe for any number of threads.
 */
final class Incidents {
  private static final long PAUSE_NANOS = 60_000_000_000L;

  final AtomicLong faults = new AtomicLong();
  final AtomicLong repeated = new AtomicLong();
  final AtomicLong changed = new AtomicLong();
  final AtomicLong old = new AtomicLong();
  final AtomicLong unusableCosts = new AtomicLong();

  private final Consumer<String> lines;
  private final LongSupplier nanoTime;
  private final AtomicLong silentUntil;
  private final AtomicLong untold = new AtomicLong();

  Incidents(Consumer<String> lines, LongSupplier nanoTime) {
    this.lines = lines;
    this.nanoTime = nanoTime;
    this.silentUntil = new AtomicLong(nanoTime.getAsLong());
  }

  /** Tells, unless something was told within the last minute; the line is only put in words if it is. */
  void tell(Supplier<String> line) {
    try {
      long now = nanoTime.getAsLong();
      long until = silentUntil.get();
      if (now - until < 0 || !silentUntil.compareAndSet(until, now + PAUSE_NANOS)) {
        untold.incrementAndGet();
        return;
      }
      long others = untold.getAndSet(0);
      lines.accept(line.get() + (others == 0 ? "" : " (and %d warnings since the last one)".formatted(others)));
    } catch (Throwable e) {
      Faults.passIfFatal(e);
      faults.incrementAndGet();
    }
  }

  /** Tells at once; for what happens seldom. */
  void tellNow(String line) {
    try {
      lines.accept(line);
    } catch (Throwable e) {
      Faults.passIfFatal(e);
      faults.incrementAndGet();
    }
  }

  Counts counts() {
    return new Counts(faults.get(), repeated.get(), changed.get(), old.get(), unusableCosts.get());
  }
}
