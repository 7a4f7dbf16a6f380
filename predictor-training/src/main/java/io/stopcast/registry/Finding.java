package io.stopcast.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one check of the gate found.
 *
 * @param check its name, such as {@code champion}
 * @param passed whether the model may be promoted for all that this check knows
 * @param says one line with the numbers
 * @param figures plain values, for the history of the registry; the same whenever the same is checked
 */
public record Finding(String check, boolean passed, String says, Map<String, Object> figures) {
  public Finding {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** Of a check that says something only if it objects. */
  public static Finding of(String check, Optional<String> objection) {
    return new Finding(check, objection.isEmpty(), objection.orElse("passed"), Map.of());
  }

  /** The first objection among findings; empty if the model may be promoted. */
  public static Optional<String> objection(List<Finding> findings) {
    return findings.stream().filter(finding -> !finding.passed).map(Finding::says).findFirst();
  }

  /** Names, verdicts and figures of findings, for the history of the registry. */
  public static Map<String, Object> figures(List<Finding> findings) {
    Map<String, Object> figures = new LinkedHashMap<>();
    for (Finding finding : findings) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("passed", finding.passed);
      if (!finding.passed || !finding.figures.isEmpty()) {
        one.put("says", finding.says);
      }
      one.putAll(finding.figures);
      figures.put(finding.check, one);
    }
    return figures;
  }
}
