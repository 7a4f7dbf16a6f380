package io.stopcast.report;

import io.stopcast.replay.Results;
import io.stopcast.replay.TradeOff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The protocol's results as maps and lists, ready to be written as JSON. */
public final class ResultsJson {
  private ResultsJson() {}

  /** Returns one object for each price. */
  public static List<Map<String, Object>> of(Results results) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int p = 0; p < results.prices().length; p++) {
      int price = p;
      Map<String, Object> table = new LinkedHashMap<>();
      table.put("split", results.split().word());
      table.put("price", results.prices()[p]);
      table.put("horizon", results.horizon().word());
      table.put("runs", results.runCount());
      table.put("tasks", results.tasks().size());
      table.put("not_judged", results.leftOut());
      table.put("policies", results.policies().stream().map(policy -> results.row(policy, price)).toList());
      Results.Comparison comparison = ResultsText.comparison(results, p);
      table.put("best_rule", comparison.against());
      table.put("comparison", asMap(comparison));
      table.put("better", comparison.isBetter());
      table.put("against_never", asMap(results.compare(Results.NEVER, p, ResultsText.BOOTSTRAP_SEED)));
      table.put("tests", results.tests(p));
      table.put("saved_at_regret", results.matched(p));
      table.put("trade_off", columns(results.tradeOff(p)));
      table.put("by_source", results.bySource(p));
      table.put("by_metric", results.byMetric(p));
      if (!results.further().isEmpty()) {
        Map<String, Object> beside = new LinkedHashMap<>();
        ResultsText.besideBestRule(results, p).forEach((policy, c) -> beside.put(policy, asMap(c)));
        table.put("beside_best_rule", beside);
        table.put("trade_off_rows", results.tradeOffRows(p));
      }
      table.put("by_kind_of_task", results.byKindOfTask(p));
      all.add(table);
    }
    return all;
  }

  /** Key by key: methods such as isBetter come to a mapper in an order that is another one in every process. */
  private static Map<String, Object> asMap(Results.Comparison comparison) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("against", comparison.against());
    map.put("gapClosed", comparison.gapClosed());
    map.put("low", comparison.low());
    map.put("high", comparison.high());
    map.put("lossLow", comparison.lossLow());
    map.put("lossHigh", comparison.lossHigh());
    map.put("wins", comparison.wins());
    map.put("worstTask", comparison.worstTask());
    map.put("worstExcess", comparison.worstExcess());
    map.put("better", comparison.isBetter());
    map.put("worse", comparison.isWorse());
    return map;
  }

  /** As columns, which take less room. */
  private static Map<String, Object> columns(TradeOff curve) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("regret", curve.points().stream().map(TradeOff.Point::regret).toList());
    columns.put("saved", curve.points().stream().map(TradeOff.Point::saved).toList());
    return columns;
  }

  /** Returns one object for each number of runs of a task and price. */
  public static List<Map<String, Object>> byRuns(SortedMap<Integer, Results> byRuns) {
    List<Map<String, Object>> all = new ArrayList<>();
    byRuns.forEach(
        (runs, results) -> {
          for (Map<String, Object> table : of(results)) {
            Map<String, Object> numbered = new LinkedHashMap<>();
            numbered.put("runs_of_task", runs);
            numbered.putAll(table);
            all.add(numbered);
          }
        });
    return all;
  }
}
