package io.stopcast.risk;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The thresholds that are tried at a price, from cautious to bold: a policy that waits for a higher score never stops sooner. */
final class Thresholds {
  /** 0.995, 0.99 ... 0.005. */
  private static final double[] GRID = IntStream.rangeClosed(1, 199).mapToDouble(i -> (200 - i) / 200.0).toArray();

  private Thresholds() {}

  /**
   * Returns the sequence for a price.
   *
   * @param boldest the threshold that is best for the price by itself, with which the sequence ends: to stop even sooner
   *     loses more than it saves
   */
  static double[] downTo(double boldest) {
    return DoubleStream.concat(DoubleStream.of(GRID).filter(threshold -> threshold > boldest), DoubleStream.of(boldest)).toArray();
  }
}
