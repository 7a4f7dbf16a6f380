package io.stopcast.replay;

/**
 * Where a policy ended a recorded run.
 *
 * @param point the point, counted from 0, at which it stopped; the last one if it never did
 * @param stopped whether it stopped
 * @param score the policy's last probability that stopping is right; NaN for one that has none
 * @param reason one line with the numbers
 */
public record Stop(int point, boolean stopped, double score, String reason) {
  static final String NOT_STOPPED = "not stopped";
}
