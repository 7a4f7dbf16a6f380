package io.stopcast.report;

import io.stopcast.history.TaskId;
import io.stopcast.replay.Results;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The protocol's results as tables of plain text. */
public final class ResultsText {
  private static final int BOOTSTRAP_SEED = 1;

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
            "split %s, price %s: %,d runs of %d tasks",
            results.split().word(), results.prices()[price], results.runCount(), results.tasks().size()));
    text.append(line("  %-28s %7s %6s %7s %7s %9s %8s", "policy", "loss", "NRU", "saved", "regret", "P(>.02)", "worst5%"));
    List<Results.Row> rows =
        results.policies().stream()
            .map(policy -> results.row(policy, price))
            .sorted(Comparator.comparingDouble(Results.Row::loss))
            .toList();
    for (Results.Row row : rows) {
      text.append(
          line(
              "%s %-28s %7.4f %6.3f %6.1f%% %7.4f %8.1f%% %8.3f",
              row.policy().equals(Results.LEARNED) ? ">" : " ",
              row.policy(),
              row.loss(),
              row.nru(),
              100 * row.saved(),
              row.regret(),
              100 * row.falseStops(),
              row.worst()));
    }
    return text.append(verdict(results, price)).append(bySource(results, price)).toString();
  }

  private static String verdict(Results results, int price) {
    Results.Comparison c = comparison(results, price);
    Results.Comparison never = results.compare(Results.NEVER, price, BOOTSTRAP_SEED);
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
            "  Against never stopping: loss [%+.4f, %+.4f]%s. Worst task beside the rule: %s, %+.3f.",
            never.lossLow(),
            never.lossHigh(),
            never.isBetter() ? "" : never.isWorse() ? ", WORSE than never stopping" : ", no difference shown",
            c.worstTask(),
            c.worstExcess());
  }

  /** Mean losses over the tasks of each source; empty if all are of one. */
  private static String bySource(Results results, int price) {
    Map<String, List<Integer>> tasks = new TreeMap<>();
    for (int t = 0; t < results.tasks().size(); t++) {
      tasks.computeIfAbsent(results.tasks().get(t).source(), s -> new ArrayList<>()).add(t);
    }
    if (tasks.size() < 2) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(
            line("  %-20s %6s %8s %8s %8s %8s %6s", "by source", "tasks", "learned", "rule", "oracle", "never", "gap"));
    tasks.forEach(
        (source, of) -> {
          double learned = mean(results.taskLosses(Results.LEARNED, price), of);
          double rule = mean(results.taskLosses(results.bestRule(price), price), of);
          double oracle = mean(results.taskLosses(Results.ORACLE, price), of);
          double never = mean(results.taskLosses(Results.NEVER, price), of);
          text.append(
              line(
                  "  %-20s %6d %8.4f %8.4f %8.4f %8.4f %6.2f",
                  cell(source), of.size(), learned, rule, oracle, never, (rule - learned) / (rule - oracle)));
        });
    return text.toString();
  }

  private static double mean(double[] values, List<Integer> of) {
    return of.stream().mapToDouble(t -> values[t]).average().orElse(Double.NaN);
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
