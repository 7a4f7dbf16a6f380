package io.stopcast.report;

import io.stopcast.history.TaskId;
import io.stopcast.replay.LeftOut;
import io.stopcast.replay.Results;
import io.stopcast.replay.TradeOffRow;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The protocol's results as tables of plain text. */
public final class ResultsText {
  static final int BOOTSTRAP_SEED = 1;

  /** The mean regrets at which trade-off curves are told. */
  private static final double[] CURVE = {.001, .005, .01, .02, .05};

  private ResultsText() {}

  /** Returns for each price a table with every policy, and what the learned one is worth beside the best rule. */
  public static String of(Results results) {
    StringBuilder text = new StringBuilder();
    for (int p = 0; p < results.prices().length; p++) {
      text.append(table(results, p)).append('\n');
    }
    return text.toString();
  }

  /** Returns the comparison of the learned policy with the best rule in hindsight. */
  public static Results.Comparison comparison(Results results, int price) {
    return results.compare(results.bestRule(price), price, BOOTSTRAP_SEED);
  }

  private static String table(Results results, int price) {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "split %s, price %s, horizon %s: %,d runs of %d tasks",
            results.split().word(),
            results.prices()[price],
            results.horizon().word(),
            results.runCount(),
            results.tasks().size()));
    String name = results.further().isEmpty() ? "%-28s" : "%-32s";
    LeftOut leftOut = results.leftOut();
    if (leftOut.runs() > 0) {
      text.append(line("  not judged: %,d runs of %d tasks, which %s", leftOut.runs(), leftOut.tasks(), leftOut.why()));
    }
    text.append(
        line(
            "  " + name + " %7s %6s %7s %7s %9s %8s %8s  %s",
            "policy", "loss", "NRU", "saved", "regret", "P(>.02)", "of runs", "worst5%", "learned is, p (Holm)"));
    Map<String, Results.Test> tests =
        results.tests(price).stream().collect(Collectors.toMap(Results.Test::against, test -> test));
    List<Results.Row> rows =
        results.policies().stream()
            .map(policy -> results.row(policy, price))
            .sorted(Comparator.comparingDouble(Results.Row::loss))
            .toList();
    for (Results.Row row : rows) {
      text.append(
          line(
              "%s " + name + " %7.4f %6.3f %6.1f%% %7.4f %8.1f%% %7.1f%% %8.3f%s",
              row.policy().equals(Results.LEARNED) ? ">" : " ",
              row.policy(),
              row.loss(),
              row.nru(),
              100 * row.saved(),
              row.regret(),
              100 * row.falseStops(),
              100 * row.falseStopsOfRuns(),
              row.worst(),
              test(tests.get(row.policy()))));
    }
    return text.append(verdict(results, price))
        .append(matched(results, price))
        .append(groups("by source", results.bySource(price)))
        .append(groups("by metric", results.byMetric(price)))
        .append(further(results, price))
        .toString();
  }

  /** What each policy is worth beside the best of the ten families, smallest loss first; empty unless further policies were judged. */
  static Map<String, Results.Comparison> besideBestRule(Results results, int price) {
    Map<String, Results.Comparison> beside = new LinkedHashMap<>();
    if (!results.further().isEmpty()) {
      String best = results.bestRule(price);
      results.policies().stream()
          .filter(policy -> !policy.equals(Results.ORACLE))
          .map(policy -> results.row(policy, price))
          .sorted(Comparator.comparingDouble(Results.Row::loss))
          .forEach(row -> beside.put(row.policy(), results.compare(row.policy(), best, price, BOOTSTRAP_SEED)));
    }
    return beside;
  }

  private static String further(Results results, int price) {
    if (results.further().isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(
            line(
                "  every policy beside the best rule of the ten families (%s); then what it saves at a mean regret of so much, by the"
                    + " threshold or setting that is best in hindsight, where it has some",
                results.bestRule(price)));
    text.append(
        line(
            "  %-32s %-21s %-19s %5s  %7s %7s %7s %7s %7s",
            "policy", "gap closed [95 %]", "loss [95 %]", "wins", "0.001", "0.005", "0.01", "0.02", "0.05"));
    besideBestRule(results, price)
        .forEach(
            (policy, c) -> {
              StringBuilder saved = new StringBuilder();
              List<TradeOffRow> curve =
                  results.tradeOffRows(price).stream().filter(row -> row.policy().equals(policy)).toList();
              for (double regret : CURVE) {
                saved.append(curve.size() < 2 ? "       -" : String.format(Locale.ROOT, " %6.1f%%", 100 * saved(curve, regret)));
              }
              text.append(
                  line(
                      "  %-32s %-21s [%+.4f, %+.4f] %4.0f%% %s",
                      policy, gap(c), c.lossLow(), c.lossHigh(), 100 * c.wins(), saved));
            });
    return text.toString();
  }

  private static double saved(List<TradeOffRow> curve, double regret) {
    return curve.stream().filter(row -> row.regret() <= regret).mapToDouble(row -> 1 - row.compute()).reduce(0, Math::max);
  }

  private static String test(Results.Test test) {
    if (test == null) {
      return "";
    }
    String word = test.rank() > 0 ? "better" : test.rank() < 0 ? "worse" : "even";
    return String.format(Locale.ROOT, "  %s %.4f", word, test.holm());
  }

  private static String verdict(Results results, int price) {
    Results.Comparison c = comparison(results, price);
    Results.Comparison never = results.compare(Results.NEVER, price, BOOTSTRAP_SEED);
    Results.Row learned = results.row(Results.LEARNED, price);
    String word =
        c.isBetter()
            ? "The learned policy is BETTER than the best rule"
            : c.isWorse()
                ? "The learned policy LOSES to the best rule"
                : "The learned policy does NOT win: nothing shows that it differs from the best rule";
    return line(
            "  %s (%s, picked in hindsight): gap closed %.2f [%.2f, %.2f], loss %+.4f [%+.4f, %+.4f], wins on %.0f%% of tasks.",
            word,
            c.against(),
            c.gapClosed(),
            c.low(),
            c.high(),
            (c.lossLow() + c.lossHigh()) / 2,
            c.lossLow(),
            c.lossHigh(),
            100 * c.wins())
        + line(
            "  Against never stopping: loss [%+.4f, %+.4f]%s.",
            never.lossLow(),
            never.lossHigh(),
            never.isBetter() ? "" : never.isWorse() ? ", WORSE than never stopping" : ", no difference shown")
        + line(
            "  Harm: stopped before a later gain of more than 2 %% (regret > .02): %.1f%% of runs, %.1f%% by task; worst 5%% of"
                + " regrets %.3f; worst task beside the rule: %s, %+.3f.",
            100 * learned.falseStopsOfRuns(),
            100 * learned.falseStops(),
            learned.worst(),
            cell(c.worstTask()),
            c.worstExcess());
  }

  private static String matched(Results results, int price) {
    StringBuilder text = new StringBuilder("  Saved at a mean regret of");
    String and = " ";
    for (Results.Matched matched : results.matched(price)) {
      String learned =
          Double.isNaN(matched.learned()) ? "no score" : String.format(Locale.ROOT, "%.1f%%", 100 * matched.learned());
      text.append(
          String.format(Locale.ROOT, "%s%s: learned %s, rules %.1f%%", and, matched.regret(), learned, 100 * matched.rule()));
      and = "; ";
    }
    return text.append(" (threshold and rule's setting picked in hindsight).\n").toString();
  }

  /** Mean losses over the tasks of each group; empty if all are of one. */
  private static String groups(String title, List<Results.Group> groups) {
    if (groups.size() < 2) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(line("  %-20s %6s %8s %8s %8s %8s %6s", title, "tasks", "learned", "rule", "oracle", "never", "gap"));
    for (Results.Group group : groups) {
      text.append(
          line(
              "  %-20s %6d %8.4f %8.4f %8.4f %8.4f %6.2f",
              cell(group.name()), group.tasks(), group.learned(), group.rule(), group.oracle(), group.never(), group.gap()));
    }
    return text.toString();
  }

  /**
   * Returns what becomes of the learned policy and the best rule as the number of runs of a task grows.
   *
   * @param title what the numbers of runs are
   */
  public static String byRuns(String title, SortedMap<Integer, Results> byRuns) {
    Results first = byRuns.get(byRuns.firstKey());
    StringBuilder text =
        new StringBuilder(
            line("%s, horizon %s: %,d runs of %d tasks", title, first.horizon().word(), first.runCount(), first.tasks().size()));
    if (first.leftOut().runs() > 0) {
      text.append(
          line(
              "  not judged: %,d runs of %d tasks, which %s",
              first.leftOut().runs(), first.leftOut().tasks(), first.leftOut().why()));
    }
    text.append(
        line("  %6s %5s %9s %12s  %-20s %s", "price", "runs", "NRU rule", "NRU learned", "gap closed [95 %]", "against"));
    for (int price = 0; price < first.prices().length; price++) {
      int p = price;
      byRuns.forEach(
          (runs, results) -> {
            Results.Comparison c = comparison(results, p);
            text.append(
                line(
                    "  %6s %5d %9.3f %12.3f  %-20s %s",
                    results.prices()[p],
                    runs,
                    results.row(c.against(), p).nru(),
                    results.row(Results.LEARNED, p).nru(),
                    gap(c),
                    c.against()));
          });
    }
    return text.toString();
  }

  /** Returns one line for each price of each of the results. */
  public static String summary(List<Results> all) {
    StringBuilder text = new StringBuilder("summary: the learned policy beside the best rule, which is picked in hindsight\n");
    text.append(
        line(
            "  %-14s %-8s %6s %6s %6s  %-20s %6s %11s %12s  %s",
            "split", "horizon", "price", "runs", "tasks", "gap closed [95 %]", "wins", "worst task", "false stops", "verdict"));
    for (Results results : all) {
      for (int price = 0; price < results.prices().length; price++) {
        Results.Comparison c = comparison(results, price);
        text.append(
            line(
                "  %-14s %-8s %6s %6d %6d  %-20s %5.0f%% %+11.3f %11.1f%%  %s",
                results.split().word(),
                results.horizon().word(),
                results.prices()[price],
                results.runCount(),
                results.tasks().size(),
                gap(c),
                100 * c.wins(),
                c.worstExcess(),
                100 * results.row(Results.LEARNED, price).falseStopsOfRuns(),
                c.isBetter() ? "better" : c.isWorse() ? "WORSE" : "no difference shown"));
      }
    }
    return text.toString();
  }

  private static String gap(Results.Comparison c) {
    return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", c.gapClosed(), c.low(), c.high());
  }

  /** Returns the tasks on which the learned policy loses most against the best rule, worst first. */
  public static String weakest(Results results, int price, int count) {
    double[] learned = results.taskLosses(Results.LEARNED, price);
    double[] rule = results.taskLosses(results.bestRule(price), price);
    int[] runs = results.runsPerTask();
    StringBuilder text = new StringBuilder();
    IntStream.range(0, learned.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer t) -> rule[t] - learned[t]))
        .limit(count)
        .forEach(
            t -> {
              TaskId task = results.tasks().get(t);
              text.append(
                  line(
                      "| %s | %s | %d | %.4f | %.4f |",
                      cell(task.source()), cell(task.task()), runs[t], learned[t], rule[t]));
            });
    return text.toString();
  }

  /** Untrusted text as a cell of a Markdown table. */
  private static String cell(String text) {
    return text.replaceAll("[\\p{Cntrl}|<>`\\[\\]]", "?");
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
