package io.stopcast.run;

/** Which way a metric gets better. */
public enum Direction {
  MAXIMIZE,
  MINIMIZE
}
