package io.stopcast.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on a terminal, nothing anywhere else. Safe for several threads. */
final class Progress implements AutoCloseable {
  /** Null where nobody looks. */
  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  static Progress of(String task, long total) {
    if (System.console() == null) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .clearDisplayOnFinish()
            .build());
  }

  void step(long by) {
    if (bar != null) {
      bar.stepBy(by);
    }
  }

  void step() {
    step(1);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
