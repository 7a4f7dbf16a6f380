package io.stopcast.replay;

import io.stopcast.run.Objective;
import java.util.Locale;
import java.util.regex.Pattern;

/** What sort of metric a run is judged by, as far as its name and its direction tell. */
public enum MetricKind {
  /** Smaller is better, without an upper end: cross entropy, squared error, perplexity. */
  LOSS,
  /** A share of what is right, or of what is wrong: accuracy, AUC, F1, BLEU, word errors. */
  ACCURACY,
  /** What an agent collects. */
  REWARD,
  /** None of these, for all that its name tells. */
  OTHER;

  private static final Pattern REWARDS = Pattern.compile("return|reward");
  private static final Pattern SHARES_RIGHT =
      Pattern.compile("acc|auc|auroc|\\bmap|precision|recall|f1|bleu|rouge|exact|\\bem\\b|ssim|iou|dice|\\btop ?\\d");
  private static final Pattern SHARES_WRONG = Pattern.compile("\\b[wc]er\\b|error rate");
  private static final Pattern LOSSES =
      Pattern.compile("loss|entropy|\\bnll\\b|likelihood|perplexity|\\bppl\\b|\\br?mse\\b|\\bmae\\b|deviance|error|\\bbp[bc]\\b");

  public static MetricKind of(Objective objective) {
    String name = objective.metric().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ");
    boolean smallerIsBetter = objective.gain(1) < 0;
    if (smallerIsBetter) {
      return SHARES_WRONG.matcher(name).find() ? ACCURACY : LOSSES.matcher(name).find() ? LOSS : OTHER;
    }
    return REWARDS.matcher(name).find() ? REWARD : SHARES_RIGHT.matcher(name).find() ? ACCURACY : OTHER;
  }

  /** The name that tables use. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
