package io.stopcast.replay;

import io.stopcast.model.Outlook;
import java.util.Optional;

/**
 * Where a policy ended a recorded run.
 *
 * @param point the point, counted from 0, at which it stopped; the last one if it never did
 * @param stopped whether it stopped
 * @param score the policy's last probability that stopping is right; NaN for one that has none
 * @param reason one line with the numbers
 * @param outlook what the policy expected of the run at that point; empty for one that does not know
 */
public record Stop(int point, boolean stopped, double score, String reason, Optional<Outlook> outlook) {
  static final String NOT_STOPPED = "not stopped";

  /** By a policy that does not know what to expect. */
  Stop(int point, boolean stopped, double score, String reason) {
    this(point, stopped, score, reason, Optional.empty());
  }
}
