package io.stopcast.report;

import io.stopcast.replay.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The protocol's results as maps and lists, ready to be written as JSON. */
public final class ResultsJson {
  private ResultsJson() {}

  /** Returns one object for each price. */
  public static List<Object> of(Results results) {
    List<Object> all = new ArrayList<>();
    for (int p = 0; p < results.prices().length; p++) {
      int price = p;
      Map<String, Object> table = new LinkedHashMap<>();
      table.put("split", results.split().word());
      table.put("price", results.prices()[p]);
      table.put("runs", results.runCount());
      table.put("tasks", results.tasks().size());
      table.put("policies", results.policies().stream().map(policy -> results.row(policy, price)).toList());
      Results.Comparison comparison = ResultsText.comparison(results, p);
      table.put("best_rule", comparison.against());
      table.put("comparison", comparison);
      table.put("better", comparison.isBetter());
      all.add(table);
    }
    return all;
  }
}
