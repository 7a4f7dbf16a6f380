package io.stopcast.inspect;

import io.stopcast.replay.ScoredRun;

/** A random number that belongs to a run: the same whatever else is in the list, and unlike that of a run with a similar name. */
final class Draw {
  private Draw() {}

  static int of(ScoredRun run) {
    int h = 31 * run.task().hashCode() + run.run().context().run().hashCode();
    h = (h ^ h >>> 16) * 0x85ebca6b; // Murmur3's finaliser
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
