package io.stopcast.run;

/**
 * That a run went on although a policy would have stopped it, since a draw let it: what makes it stand for runs of its kind that were stopped.
 *
 * @param step the index of the first step at which it would have been stopped, and which it shows in any case
 * @param propensity how probable it was that it would go on as it did, above 0 and below 1
 */
public record Exemption(long step, double propensity) {
  public Exemption {
    if (!(propensity > 0 && propensity < 1)) {
      throw new IllegalArgumentException(
          "an exempt run must have gone on with a probability above 0 and below 1, but it was %s at step %d".formatted(propensity, step));
    }
  }
}
