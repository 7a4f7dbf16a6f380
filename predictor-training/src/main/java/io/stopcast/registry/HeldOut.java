package io.stopcast.registry;

import io.stopcast.replay.ScoredRun;

/**
 * The runs that jobs never learn from, so that champions and challengers can be judged on them: every n-th, drawn by a hash of source, task and
 * name. The same ones for ever, whatever else the history holds; new ones come with it.
 *
 * <p>Other runs of the same configuration may have been learned from, by champion and challenger alike: what either loses here is a little less
 * than on new configurations, and the difference is fair.
 *
 * @param oneIn which share is held out, as 1 in so many; 0 for none
 */
public record HeldOut(int oneIn) {
  /** No run: everything is learned from. */
  public static final HeldOut NONE = new HeldOut(0);

  public HeldOut {
    if (oneIn < 0 || oneIn == 1) {
      throw new IllegalArgumentException("one in at least 2 runs can be held out, or 0 for none, but was one in " + oneIn);
    }
  }

  public boolean holds(ScoredRun run) {
    return oneIn > 0 && Long.remainderUnsigned(RunSet.draw(run), oneIn) == 0;
  }
}
