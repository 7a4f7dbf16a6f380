package io.stopcast.report;

import io.stopcast.replay.Results;
import java.util.List;
import java.util.Locale;

/**
 * What an evaluation comes to at one price, in sentences.
 *
 * @param lead what the learned policy saves and loses
 * @param beside what the best rule and hindsight would
 * @param verdict whether that is a difference
 * @param harm how bad it gets
 * @param promise what was promised, and whether it held
 */
public record Headline(String lead, String beside, String verdict, String harm, String promise) {

  /** @param comparison with the best rule */
  static Headline of(Results results, int price, Results.Comparison comparison, List<Promise> promises) {
    Results.Comparison never = results.compare(Results.NEVER, price, ResultsText.BOOTSTRAP_SEED);
    Results.Row learned = results.row(Results.LEARNED, price);
    Results.Row rule = results.row(comparison.against(), price);
    Results.Row oracle = results.row(Results.ORACLE, price);
    return new Headline(
        text(
            "At a price of %s, on %,d held-out runs of %d tasks, Stopcast saves %.1f %% of the compute for a mean regret of"
                + " %.2f %% of what a task has to gain.",
            results.prices()[price],
            results.runCount(),
            results.tasks().size(),
            100 * learned.saved(),
            100 * learned.regret()),
        text(
            "The best tuned rule, %s, saves %.1f %% for %.2f %%; hindsight would save %.1f %% for %.2f %%.",
            comparison.against(), 100 * rule.saved(), 100 * rule.regret(), 100 * oracle.saved(), 100 * oracle.regret()),
        verdict(comparison, never),
        text(
            "%.1f %% of runs were stopped before a later gain of more than 2 %%; the worst 5 %% of regrets average %.0f %%.",
            100 * learned.falseStopsOfRuns(), 100 * learned.worst()),
        promise(promises.stream().filter(p -> p.split() == results.split() && p.price() == results.prices()[price]).toList()));
  }

  private static String verdict(Results.Comparison comparison, Results.Comparison never) {
    String word =
        comparison.isBetter()
            ? "better than that rule"
            : comparison.isWorse() ? "worse than that rule" : "no difference from that rule is shown";
    String gap =
        Double.isNaN(comparison.gapClosed())
            ? "There is no gap between that rule, which was picked in hindsight, and the oracle"
            : text(
                "Of the gap between that rule, which was picked in hindsight, and the oracle it closes %.0f %% [%.0f, %.0f]",
                100 * comparison.gapClosed(), 100 * comparison.low(), 100 * comparison.high());
    String againstNever =
        never.isBetter()
            ? ""
            : never.isWorse() ? " It is WORSE than never stopping." : " No difference from never stopping is shown.";
    return gap
        + text(": %s. It wins on %.0f %% of tasks.", word, 100 * comparison.wins())
        + againstNever;
  }

  private static String promise(List<Promise> promises) {
    if (promises.isEmpty()) {
      return "No limit on the harm was promised, so none can be checked: these are averages over past runs.";
    }
    StringBuilder text = new StringBuilder();
    for (Promise promise : promises) {
      text.append(
          text(
              "%sPromised: %s is at most %.1f %%. Within that limit %.1f %% of the compute is saved, and it was %.1f %% [%.1f, %.1f]: %s.",
              text.isEmpty() ? "" : " ",
              promise.words(),
              100 * promise.promised(),
              100 * promise.saved(),
              100 * promise.observed(),
              100 * promise.interval().low(),
              100 * promise.interval().high(),
              promise.held() ? "held" : "NOT held"));
    }
    return text.toString();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
