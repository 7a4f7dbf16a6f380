package io.stopcast.importing;

/** Tells a sink of the first things that were left out of a file, and of the rest only how many: there may be millions. */
final class Omissions {
  private static final int TOLD = 10;

  private final LogSink sink;
  private final String file;
  private long met;

  Omissions(LogSink sink, String file) {
    this.sink = sink;
    this.file = file;
  }

  void add(String place, String why) {
    if (met++ < TOLD) {
      sink.skipped(file + " " + place, why);
    }
  }

  /** To be called once all is read. */
  void finish() {
    if (met > TOLD) {
      sink.skipped(file, "%d more like these".formatted(met - TOLD));
    }
  }
}
