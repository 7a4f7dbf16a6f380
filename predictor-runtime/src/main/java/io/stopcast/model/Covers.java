package io.stopcast.model;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * How the training rows went through the trees: for each branch the share of their weight that went to the true child.
 * What {@link Attribution} needs beside the trees, and scoring does not.
 *
 * <p>As text: Base64 of a version byte and 16 bits a branch, in the order of the nodes: 4 kB for 100 trees of depth 4.
 * Shares are rounded to the middle of their 1/65536, so that none is 0 or 1. Immutable.
 */
public final class Covers {
  private static final int VERSION = 1;
  private static final int STEPS = 1 << 16;

  private final char[] shares;

  private Covers(char[] shares) {
    this.shares = shares;
  }

  /**
   * @param toTrue one share a branch, within 0..1
   */
  public static Covers of(double[] toTrue) {
    char[] shares = new char[toTrue.length];
    for (int i = 0; i < shares.length; i++) {
      if (!(toTrue[i] >= 0 && toTrue[i] <= 1)) {
        throw new IllegalArgumentException(
            "the share of rows that goes to the true child must be within 0..1, but at branch %d it was %s"
                .formatted(i, toTrue[i]));
      }
      shares[i] = (char) Math.min(STEPS - 1, (int) (toTrue[i] * STEPS));
    }
    return new Covers(shares);
  }

  /** Reads what {@link #format} writes. */
  static Covers parse(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length == 0 || bytes[0] != VERSION || bytes.length % 2 == 0) {
      throw new IllegalArgumentException(
          "%d bytes of covers should be the version %d and two for each branch".formatted(bytes.length, VERSION));
    }
    char[] shares = new char[bytes.length / 2];
    ByteBuffer.wrap(bytes, 1, bytes.length - 1).asCharBuffer().get(shares);
    return new Covers(shares);
  }

  public String format() {
    ByteBuffer bytes = ByteBuffer.allocate(1 + 2 * shares.length).put((byte) VERSION);
    for (char share : shares) {
      bytes.putChar(share);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** How many branches there are. */
  int size() {
    return shares.length;
  }

  /** The share that goes to the true child of the {@code i}-th branch, above 0 and below 1. */
  double toTrue(int i) {
    return (shares[i] + .5) / STEPS;
  }
}
