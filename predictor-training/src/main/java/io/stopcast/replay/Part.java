package io.stopcast.replay;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which part of a history is looked at while a recipe is being chosen. A fifth of the runs, by a hash of their names, is
 * kept back for a last check of the chosen one: what was tried on a run says nothing about the next.
 */
public enum Part {
  /** All runs. */
  ALL {
    @Override
    public boolean holds(ScoredRun run) {
      return true;
    }
  },
  /** The four fifths on which recipes may be compared. */
  DEVELOPMENT {
    @Override
    public boolean holds(ScoredRun run) {
      return Math.floorMod(run.run().context().run().hashCode() * 0x9E3779B9 >>> 8, 5) != 0;
    }
  },
  /** The fifth that is kept back. To judge it is to use it up: once, when the recipe is chosen. */
  UNTOUCHED {
    @Override
    public boolean holds(ScoredRun run) {
      return !DEVELOPMENT.holds(run);
    }

    /** All of them: the other part may be learned from, as far as the split allows. */
    @Override
    public List<ScoredRun> read(List<ScoredRun> runs) {
      return runs;
    }
  };

  /** Whether this run may be judged. */
  public abstract boolean holds(ScoredRun run);

  /** The runs that may be learned from, in their order; among them those that may be judged. */
  public List<ScoredRun> read(List<ScoredRun> runs) {
    return runs.stream().filter(this::holds).toList();
  }

  /** The name that the command line uses. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The part of that name. */
  public static Part of(String word) {
    return Arrays.stream(values())
        .filter(part -> part.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no part '%s'; there are %s"
                        .formatted(word, Arrays.stream(values()).map(Part::word).toList())));
  }
}
