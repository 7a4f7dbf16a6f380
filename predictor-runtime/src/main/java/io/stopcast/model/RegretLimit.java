package io.stopcast.model;

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

  /** Whether whoever keeps within this limit keeps within the other one: it is of the same form and no looser. */
  boolean covers(RegretLimit asked);

  /** As text, such as {@code exceeding 0.02 0.1} or {@code mean 0.01}, from which {@link #parse} gives an equal one. */
  String format();

  /**
   * Reads what {@link #format} writes.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static RegretLimit parse(String text) {
    String number = "\\d(\\.\\d{1,20})?(E-\\d{1,2})?";
    String[] words = text.split(" ", 4);
    if (text.matches("exceeding " + number + " " + number)) {
      return new Exceeding(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    }
    if (text.matches("mean " + number)) {
      return new Mean(Double.parseDouble(words[1]));
    }
    throw new IllegalArgumentException(
        "a limit looks like 'exceeding 0.02 0.1' or 'mean 0.01', but was " + ModelRejectedException.quote(text));
  }

  private static void requireInside(String what, double share, double example) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("%s must be above 0 and below 1, such as %s, but was %s".formatted(what, example, share));
    }
  }
}
