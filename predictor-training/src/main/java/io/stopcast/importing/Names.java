package io.stopcast.importing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Turns the bytes of names into strings, mostly into one that was made before: a log says few names a million times. */
final class Names {
  private static final int SLOTS = 1 << 10;
  private static final int LONGEST = 1 << 10;

  private final byte[][] keys = new byte[SLOTS][];
  private final String[] names = new String[SLOTS];

  String of(byte[] bytes, int from, int to) throws MalformedRecordException {
    if (to - from > LONGEST) {
      throw new MalformedRecordException("a name of %d bytes; %d are allowed".formatted(to - from, LONGEST));
    }
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ hash >>> 15) & SLOTS - 1;
    byte[] key = keys[slot];
    if (key == null || !Arrays.equals(key, 0, key.length, bytes, from, to)) {
      keys[slot] = Arrays.copyOfRange(bytes, from, to);
      names[slot] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
    return names[slot];
  }
}
