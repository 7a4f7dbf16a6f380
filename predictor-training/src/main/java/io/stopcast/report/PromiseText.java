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
  /** The card has no more of them. */
  private static final int MOST_FAMILIES = 20;

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
            .filter(early -> row.missing() == 0)
            .ifPresent(
                early ->
                    text.append(
                        line(
                            "    of the runs stopped early, %.1f %% (%.1f %%): %s (%.4f)",
                            100 * early.shareWithin(), 100 * early.share(), risk(certified.promise().limit(), early.riskWithin()), early.risk())));
        row.families().forEach(family -> family.own().ifPresent(own -> text.append(ofFamily(certified.promise().limit(), family, own))));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String ofFamily(RegretLimit limit, Calibration.FamilyRow family, Calibration.Own own) {
    return own.missing() > 0
        ? line("    family %s, %,d units: never stop; at least %,d units without regret are missing", family.family(), family.units(), own.missing())
        : line(
            "    family %s, %,d units: stops from score %.3f on; on these it saves %.1f %% (%.1f %% as all others), %s (%.4f)",
            family.family(), family.units(), own.certified(), 100 * own.saved(), 100 * family.saved(), risk(limit, own.risk()), family.risk());
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
      if (certified.rows().get(0).families().size() > 1) {
        text.append(families(certified.rows(), counts));
      }
    }
    return text.toString();
  }

  private static String families(List<Calibration.Row> rows, boolean counts) {
    String limited = counts ? "share above" : "mean regret";
    StringBuilder text =
        new StringBuilder(
            line(
                "The promise by family (what a run's context names as such, or else its source), on the same units: what is kept over all of them may be"
                    + " broken\nin one. By the threshold for all, and by the family's own where it has a certificate:\n\n"
                    + "| price | family | units | %s | saved | its own: stops from score | %s | saved |\n|--:|---|--:|--:|--:|--:|--:|--:|",
                limited, limited));
    for (Calibration.Row row : rows) {
      for (Calibration.FamilyRow family : row.families().subList(0, Math.min(MOST_FAMILIES, row.families().size()))) {
        text.append(
            line(
                "| %s | %s | %,d | %.4f | %.1f %% | %s |",
                row.price(),
                family.family().replace('|', '/').replace('\n', ' '),
                family.units(),
                family.risk(),
                100 * family.saved(),
                family.own().map(PromiseText::own).orElse("- | - | -")));
      }
      if (row.families().size() > MOST_FAMILIES) {
        text.append(line("| %s | %,d smaller ones | | | | | | |", row.price(), row.families().size() - MOST_FAMILIES));
      }
    }
    return text.append('\n').toString();
  }

  private static String own(Calibration.Own own) {
    return own.missing() > 0
        ? line("never: %,d units are missing | 0 | 0 %%", own.missing()).strip()
        : line("%.3f | %.4f | %.1f %%", own.certified(), own.risk(), 100 * own.saved()).strip();
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
        price.put("families", row.families().stream().map(PromiseText::json).toList());
        prices.add(price);
      }
      one.put("prices", prices);
      all.add(one);
    }
    return all;
  }

  private static Map<String, Object> json(Calibration.FamilyRow family) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("family", family.family());
    one.put("units", family.units());
    one.put("risk", family.risk());
    one.put("saved", family.saved());
    family
        .own()
        .ifPresent(
            own -> {
              one.put("own_threshold", own.missing() > 0 ? null : own.certified());
              one.put("own_missing_units", own.missing());
              one.put("own_risk", own.risk());
              one.put("own_saved", own.saved());
            });
    return one;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
