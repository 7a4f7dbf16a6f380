package io.stopcast.sweep;

import io.stopcast.policy.StopPolicy;
import io.stopcast.run.RunContext;

/**
 * Runs that are compared with each other, as those of one hyper-parameter search: the memory of a {@link SweepPolicy}.
 *
 * <p>Safe for several threads: each watch belongs to one thread at a time, different watches of a sweep may be used at once.
 * The decisions depend on the order in which values are observed and ends are told, and on nothing else: the same order gives
 * the same decisions. Two sweeps of one policy know nothing of each other.
 *
 * <p>A run is kept as long as its sweep, in at most some eight kilobytes however long it is; let go of the sweep to free it.
 */
public interface Sweep {
  /**
   * Starts watching a run of this sweep. Who comes first is first, where the order counts.
   *
   * @throws IllegalArgumentException if its objective is another than that of the sweep's runs so far
   */
  Watch watch(RunContext run);

  /**
   * The memory of one run of a sweep. It keeps what {@link StopPolicy.Watch} promises, but that other runs have a say in what it
   * decides: a point whose value is NaN stops no run, and one that is infinite is not compared either. It cannot be saved: what
   * it knows of others is not its own.
   */
  interface Watch extends StopPolicy.Watch {
    /**
     * Tells the sweep that the run has come to its own end, so that others may be compared with all of it. Not for a run that was
     * stopped: that one only stays as far as it came. Telling it again changes nothing; without it no run ever counts as
     * completed, as what is planned need not happen.
     */
    void end();
  }
}
