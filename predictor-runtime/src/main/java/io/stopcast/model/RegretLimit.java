package io.stopcast.model;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A limit on what stopping may cost: the regret, in units of the task's scale, within 0..1, is what the run's best value would
 * have gained had it gone on.
 *
 * <p>Immutable. As text ({@link #format}) for files and logs, in words ({@link #toString}) for people.
 */
public sealed interface RegretLimit {
  /**
   * At most so many of the runs lose more than so much.
   *
   * @param regret what is still tolerated of a run, within 0 (inclusive) and 1 (exclusive)
   * @param risk the share of runs that may lose more, within 0 and 1 (both exclusive)
   */
  record Exceeding(double regret, double risk) implements RegretLimit {
    public Exceeding {
      if (!(regret >= 0 && regret < 1)) {
        throw new IllegalArgumentException(
            "the regret that a run may have must be within 0 and below 1, such as 0.02, but was " + regret);
      }
      requireInside("the share of runs that may have more regret", risk, .1);
    }

    @Override
    public double most() {
      return risk;
    }

    @Override
    public double counted(double of) {
      return of > regret ? 1 : 0;
    }

    @Override
    public boolean covers(RegretLimit asked) {
      return asked instanceof Exceeding other && regret <= other.regret && risk <= other.risk;
    }

    @Override
    public String format() {
      return "exceeding " + regret + " " + risk;
    }

    @Override
    public String toString() {
      return "P(regret > %s) <= %s".formatted(regret, risk);
    }
  }

  /**
   * The runs lose no more than so much on average.
   *
   * @param regret the mean, within 0 and 1 (both exclusive)
   */
  record Mean(double regret) implements RegretLimit {
    public Mean {
      requireInside("the mean regret", regret, .01);
    }

    @Override
    public double most() {
      return regret;
    }

    @Override
    public double counted(double of) {
      return of;
    }

    @Override
    public boolean covers(RegretLimit asked) {
      return asked instanceof Mean other && regret <= other.regret;
    }

    @Override
    public String format() {
      return "mean " + regret;
    }

    @Override
    public String toString() {
      return "mean regret <= " + regret;
    }
  }

  /**
   * A limit that is kept over all runs, and also over those alone that are stopped early: an average over all may be kept by stops that are
   * late and right, while the early ones, which save the most, are the bad ones.
   *
   * @param overall the limit, for all and for these; not itself of this form
   * @param before a run is stopped early if less than this share of what it would have cost was spent; above 0 and at most 1, which means
   *     that it is stopped at all
   */
  record AlsoEarly(RegretLimit overall, double before) implements RegretLimit {
    private static final String WORD = " early ";

    public AlsoEarly {
      Objects.requireNonNull(overall, "overall");
      if (overall instanceof AlsoEarly) {
        throw new IllegalArgumentException("one limit is for all runs and for early stops, so that it cannot be of both again: " + overall);
      }
      if (!(before > 0 && before <= 1)) {
        throw new IllegalArgumentException(
            "the share of its cost before which a stop is early must be above 0 and at most 1, such as 0.5, but was " + before);
      }
    }

    @Override
    public double most() {
      return overall.most();
    }

    @Override
    public double counted(double of) {
      return overall.counted(of);
    }

    @Override
    public OptionalDouble early() {
      return OptionalDouble.of(before);
    }

    @Override
    public boolean covers(RegretLimit asked) {
      return asked instanceof AlsoEarly other ? before == other.before && overall.covers(other.overall) : overall.covers(asked);
    }

    @Override
    public String format() {
      return overall.format() + WORD + before;
    }

    @Override
    public String toString() {
      return "%s (also among runs stopped before %s of their cost)".formatted(overall, before);
    }
  }

  /** What the share of runs that lose too much, or their mean regret, may be at most. */
  double most();

  /** What a run counts towards it: 1 or 0, or its regret. */
  double counted(double regret);

  /** The limit that is kept over all runs. */
  default RegretLimit overall() {
    return this;
  }

  /** Before which share of its cost a run is stopped early, if the limit is also kept over early stops alone. */
  default OptionalDouble early() {
    return OptionalDouble.empty();
  }

  /** Whether whoever keeps within this limit keeps within the other one: it is of the same form and no looser. */
  boolean covers(RegretLimit asked);

  /** As text, such as {@code exceeding 0.02 0.1}, {@code mean 0.01} or {@code mean 0.01 early 0.5}, from which {@link #parse} gives an equal one. */
  String format();

  /**
   * Reads what {@link #format} writes.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static RegretLimit parse(String text) {
    String number = "\\d(\\.\\d{1,20})?(E-\\d{1,2})?";
    int early = text.indexOf(AlsoEarly.WORD);
    String before = early < 0 ? "" : text.substring(early + AlsoEarly.WORD.length());
    if (before.matches(number)) {
      return new AlsoEarly(parse(text.substring(0, early)), Double.parseDouble(before));
    }
    String[] words = text.split(" ", 4);
    if (text.matches("exceeding " + number + " " + number)) {
      return new Exceeding(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    }
    if (text.matches("mean " + number)) {
      return new Mean(Double.parseDouble(words[1]));
    }
    throw new IllegalArgumentException(
        "a limit looks like 'exceeding 0.02 0.1', 'mean 0.01' or one of these and 'early 0.5', but was " + ModelRejectedException.quote(text));
  }

  private static void requireInside(String what, double share, double example) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("%s must be above 0 and below 1, such as %s, but was %s".formatted(what, example, share));
    }
  }
}
