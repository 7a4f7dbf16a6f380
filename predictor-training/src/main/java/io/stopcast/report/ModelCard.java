package io.stopcast.report;

import io.stopcast.model.ModelFile;
import io.stopcast.model.PriceThresholds;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.risk.PromiseRecipe;
import io.stopcast.train.ProbabilityCheck;
import io.stopcast.train.Reliability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What people should know of a model before they use it, as Markdown. */
public final class ModelCard {
  private static final int WEAKEST = 10;

  private ModelCard() {}

  /**
   * Returns the card.
   *
   * @param runs all that was learned from, the stopped ones among them
   * @param judged what the same recipe learns and promises nothing with, on held-out runs
   */
  public static String of(
      PromiseRecipe.Promised trained, String historySha256, List<ScoredRun> runs, int furtherRuns, List<Results> judged) {
    ModelFile model = trained.model();
    StringBuilder card = new StringBuilder("# Stop model\n\n");
    card.append("Says after each point of a training run how likely it is that stopping there is right.\n\n");
    card.append("## Trained on\n");
    List<ScoredRun> complete = ScoredRun.complete(runs);
    card.append(line("%,d runs of %d tasks; history sha256 `%s`.\n", complete.size(), tasks(complete), historySha256));
    Map<String, Long> sources =
        complete.stream().collect(Collectors.groupingBy(r -> r.task().source(), TreeMap::new, Collectors.counting()));
    card.append("Runs by source: ").append(sources).append('\n');
    if (complete.size() < runs.size()) {
      card.append(StoppedText.of(runs));
      card.append("What follows is of runs that ended by themselves, which are not like those that were stopped.\n");
    }
    if (furtherRuns > 0) {
      card.append(line("And from %,d shipped runs of other tasks, which were not judged.", furtherRuns));
    }
    card.append('\n');
    card.append(
        line(
            "Model sha256 `%s`, %,d bytes, %d trees. Stops from a score of %s; of tasks with few earlier runs from %s.\n",
            model.sha256(), model.size(), model.trees(), byPrice(model.thresholds()), byPrice(model.thresholdsAlone())));
    card.append(PromiseText.markdown(trained));
    card.append(reliability(model));
    card.append(families(trained.probabilities()));
    card.append("## How good\nEvery run was held out once; rules were tuned on the same training parts.\n");
    card.append("The scale is the task's: |best over its runs - median first value|.\n\n");
    for (Results results : judged) {
      card.append("```\n").append(ResultsText.of(results)).append("```\n\n");
    }
    for (Results results : judged) {
      int middle = results.prices().length / 2;
      card.append(
          line(
              "### Where it is weakest: split %s, price %s\n\n"
                  + "| source | task | runs | loss | loss of the best rule |\n|---|---|---|---|---|",
              results.split().word(), results.prices()[middle]));
      card.append(ResultsText.weakest(results, middle, WEAKEST)).append('\n');
    }
    judged.forEach(results -> card.append(goodAndBad(results)));
    card.append("## When not to use it\n");
    judged.forEach(results -> card.append(warnings(results)));
    card.append(
        """
        - On runs unlike those above: evaluate it on your own history first (`./stopcast evaluate --history ...`).
        - Where a sudden late rise is what you are waiting for (grokking, sparse rewards): no logged signal shows it coming.
        - To judge a change of a run (learning rate, batch size): it knows stop or go on only.
        """);
    card.append(
        trained.certified().isEmpty()
            ? "- As a promise: no limit on the harm is certified (`retrain --max-regret ...`); the tables above are averages over past runs.\n"
            : "- As a promise for others than those above: for them, and for each task by itself, the tables are averages over past runs.\n");
    return card.toString();
  }

  private static String byPrice(PriceThresholds thresholds) {
    return thresholds.byPrice().entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%.4f at price %s", entry.getValue(), entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  /** Sources, kinds of tasks and of metrics, from where it is best beside never stopping to where it is worst. */
  private static String goodAndBad(Results results) {
    int middle = results.prices().length / 2;
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "### Good at, bad at: split %s, price %s\n\n"
                + "| what | tasks | loss | of the best rule | of never stopping | of hindsight |\n|---|--:|--:|--:|--:|--:|",
            results.split().word(), results.prices()[middle]));
    families(results, middle).stream()
        .sorted(Comparator.comparingDouble((Results.Group group) -> group.learned() - group.never()).thenComparing(Results.Group::name))
        .forEach(
            group ->
                text.append(
                    line(
                        "| %s | %d | %.4f | %.4f | %.4f | %.4f |",
                        group.name(), group.tasks(), group.learned(), group.rule(), group.never(), group.oracle())));
    return text.append('\n').toString();
  }

  private static List<Results.Group> families(Results results, int price) {
    List<Results.Group> families = new ArrayList<>(named("source ", results.bySource(price)));
    families.addAll(named("tasks ", results.byKindOfTask(price)));
    families.addAll(named("metric ", results.byMetric(price)));
    return families;
  }

  private static List<Results.Group> named(String what, List<Results.Group> groups) {
    return groups.stream()
        .map(g -> new Results.Group(what + g.name(), g.tasks(), g.learned(), g.rule(), g.oracle(), g.never(), g.gap()))
        .toList();
  }

  /** Where it was worse than not to use it, and where a rule of thumb was better. */
  private static String warnings(Results results) {
    StringBuilder text = new StringBuilder();
    for (int p = 0; p < results.prices().length; p++) {
      List<String> worse = new ArrayList<>();
      List<String> ruled = new ArrayList<>();
      for (Results.Group group : families(results, p)) {
        if (group.learned() > group.never()) {
          worse.add(beside(group, group.never()));
        } else if (group.learned() > group.rule()) {
          ruled.add(beside(group, group.rule()));
        }
      }
      String where = String.format(Locale.ROOT, "at price %s, split %s: ", results.prices()[p], results.split().word());
      if (!worse.isEmpty()) {
        text.append("- Worse than never stopping ").append(where).append(String.join("; ", worse)).append(".\n");
      }
      if (!ruled.isEmpty()) {
        text.append("- No better than a rule (%s) %s%s.\n".formatted(results.bestRule(p), where, String.join("; ", ruled)));
      }
    }
    return text.toString();
  }

  private static String beside(Results.Group group, double other) {
    return String.format(Locale.ROOT, "%s (%d tasks, %.4f against %.4f)", group.name(), group.tasks(), group.learned(), other);
  }

  private static String reliability(ModelFile model) {
    List<Reliability.Row> rows =
        Reliability.parse(model.metadata().getOrDefault(Reliability.PROPERTY, "")).rows();
    if (rows.isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(
            """
            ## Whether its probabilities come true
            Of training points at which it says about as much, how often stopping was right; neither scores nor probabilities
            had seen the task. Every task weighs the same.

            | history | price | says | said on average | was right | points | tasks |
            |---|--:|---|--:|--:|--:|--:|
            """);
    for (Reliability.Row row : rows) {
      text.append(
          line(
              "| %s | %s | from %s on | %.1f %% | %.1f %% | %.1f %% | %d |",
              row.kind().equals("alone") ? "none" : "some",
              row.price(),
              row.from(),
              100 * row.predicted(),
              100 * row.observed(),
              100 * row.share(),
              row.tasks()));
    }
    return text.append('\n').toString();
  }

  private static String families(ProbabilityCheck check) {
    if (check.rows().isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(
            """
            The same by family: the Brier score, the mean of (probability - right)^2, beside that of always saying how often it is right there; and
            how often the gain still to come was at most its median and its .9 quantile (many gain nothing, so the first may be above one half).

            | history | price | family | tasks | was right | Brier | base rate | below median | below .9 |
            |---|--:|---|--:|--:|--:|--:|--:|--:|
            """);
    for (ProbabilityCheck.Row row : check.rows()) {
      text.append(
          line(
              "| %s | %s | %s | %d | %.1f %% | %.3f | %.3f | %s | %s |",
              row.kind().equals("alone") ? "none" : "some",
              row.price(),
              row.family(),
              row.tasks(),
              100 * row.right(),
              row.brier(),
              row.brierOfBaseRate(),
              percent(row.belowMedian()),
              percent(row.belowHigh())));
    }
    return text.append('\n').toString();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static long tasks(List<ScoredRun> runs) {
    return runs.stream().map(ScoredRun::task).distinct().count();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
