package io.stopcast.datasets.table;

import java.util.Random;

/** Derives independent random generators from one seed and a name. */
public final class Seeds {
  private Seeds() {}

  /** A seed for the named thing: close seeds and similar names give unrelated ones. */
  public static long of(long seed, String name) {
    long hash = 0xcbf29ce484222325L ^ seed; // FNV-1a over the name, then the finisher of SplitMix64
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }

  /** A generator whose sequence the Java specification fixes, so that every machine draws the same. */
  public static Random random(long seed, String name) {
    return new Random(of(seed, name));
  }

  /** The numbers from 0 to {@code size - 1} in random order. */
  public static int[] permutation(int size, Random random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
