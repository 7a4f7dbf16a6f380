package io.stopcast.report;

import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.risk.Calibration;
import io.stopcast.risk.PromiseRecipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a model promises and what that costs, as text, as Markdown and as maps and lists. */
public final class PromiseText {
  private PromiseText() {}

  /** Returns a few lines for a terminal; none if nothing is promised. */
  public static String of(PromiseRecipe.Promised promised) {
    StringBuilder text = new StringBuilder();
    for (Calibration.Certified certified : promised.certified()) {
      text.append(
          line("promise: %s that training, on %,d runs, has not seen", certified.promise(), promised.trainingRuns()));
      for (Calibration.Row row : certified.rows()) {
        text.append(
            row.missing() > 0
                ? line("  price %s: never stop; at least %,d units without regret are missing", row.price(), row.missing())
                : line(
                    "  price %s: stops from score %.3f on (%.3f without the limit); on these units it saves %.1f %% (%.1f %%), %s (%.4f)",
                    row.price(), row.certified(), row.threshold(), 100 * row.savedWithin(), 100 * row.saved(),
                    risk(certified.promise().limit(), row.riskWithin()), row.risk()));
        row.early()
            .ifPresent(
                early ->
                    text.append(
                        line(
                            "    of the runs stopped early, %.1f %% (%.1f %%): %s (%.4f)",
                            100 * early.shareWithin(), 100 * early.share(), risk(certified.promise().limit(), early.riskWithin()), early.risk())));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String risk(RegretLimit limit, double risk) {
    return limit.overall() instanceof RegretLimit.Exceeding exceeding
        ? line("P(regret > %s) is %.4f", exceeding.regret(), risk).strip()
        : line("mean regret is %.4f", risk).strip();
  }

  /** Returns a section of a model card; empty if nothing is promised. */
  static String markdown(PromiseRecipe.Promised promised) {
    if (promised.certified().isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(
            """
            ## What it promises
            Thresholds were certified on units that training has not seen: a configuration (for a new run) or a group of near-duplicate
            tasks (for a new task), drawn at random. The confidence is over that draw and for each price by itself. It holds on average over runs
            like these and no others: a single task may be worse. With other earlier runs in the file nothing is promised. Used so:
            `LearnedPolicy.within(file, limit)`, or `--max-regret` or `--mean-regret` of `replay` and `watch`; at a price alone the model stops as
            it would without.

            """);
    for (Calibration.Certified certified : promised.certified()) {
      RegretLimit limit = certified.promise().limit();
      boolean counts = limit.overall() instanceof RegretLimit.Exceeding;
      text.append(line("**%s**, after training on %,d runs:\n", certified.promise(), promised.trainingRuns()));
      text.append(
          line(
              "| price | stops from score | without limit | %s on these units | without | saved | without |\n|--:|--:|--:|--:|--:|--:|--:|",
              counts ? "share above" : "mean regret"));
      for (Calibration.Row row : certified.rows()) {
        text.append(
            line(
                "| %s | %s | %.3f | %.4f | %.4f | %.1f %% | %.1f %% |",
                row.price(),
                row.missing() > 0
                    ? line("never: %,d units are missing", row.missing()).strip()
                    : line("%.3f", row.certified()).strip(),
                row.threshold(),
                row.riskWithin(),
                row.risk(),
                100 * row.savedWithin(),
                100 * row.saved()));
      }
      if (limit.early().isPresent()) {
        text.append(
            line(
                "\nThe same over the runs alone that are stopped before %s of their cost:\n\n"
                    + "| price | such runs | without limit | %s of them | without |\n|--:|--:|--:|--:|--:|",
                limit.early().getAsDouble(), counts ? "share above" : "mean regret"));
        for (Calibration.Row row : certified.rows()) {
          Calibration.EarlyRow early = row.early().orElseThrow();
          text.append(
              line(
                  "| %s | %.1f %% | %.1f %% | %s | %s |",
                  row.price(), 100 * early.shareWithin(), 100 * early.share(), orNone(early.riskWithin()), orNone(early.risk())));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String orNone(double risk) {
    return Double.isNaN(risk) ? "-" : line("%.4f", risk).strip();
  }

  /** Returns one object for each promise; null stands for a threshold of never. */
  public static List<Map<String, Object>> json(PromiseRecipe.Promised promised) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Calibration.Certified certified : promised.certified()) {
      Promise promise = certified.promise();
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("unit", promise.unit().word());
      RegretLimit limit = promise.limit().overall();
      one.put("form", limit instanceof RegretLimit.Exceeding ? "exceeding" : "mean");
      if (limit instanceof RegretLimit.Exceeding exceeding) {
        one.put("max_regret", exceeding.regret());
        one.put("risk", exceeding.risk());
      } else if (limit instanceof RegretLimit.Mean mean) {
        one.put("mean_regret", mean.regret());
      }
      promise.limit().early().ifPresent(before -> one.put("early", before));
      one.put("confidence", promise.confidence());
      one.put("units", promise.units());
      one.put("training_runs", promised.trainingRuns());
      List<Map<String, Object>> prices = new ArrayList<>();
      for (Calibration.Row row : certified.rows()) {
        Map<String, Object> price = new LinkedHashMap<>();
        price.put("price", row.price());
        price.put("threshold", row.threshold());
        price.put("certified_threshold", row.missing() > 0 ? null : row.certified());
        price.put("missing_units", row.missing());
        price.put("risk", row.risk());
        price.put("risk_within", row.riskWithin());
        price.put("saved", row.saved());
        price.put("saved_within", row.savedWithin());
        row.early()
            .ifPresent(
                early -> {
                  price.put("early_share", early.share());
                  price.put("early_share_within", early.shareWithin());
                  price.put("early_risk", Double.isNaN(early.risk()) ? null : early.risk());
                  price.put("early_risk_within", Double.isNaN(early.riskWithin()) ? null : early.riskWithin());
                });
        prices.add(price);
      }
      one.put("prices", prices);
      all.add(one);
    }
    return all;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
