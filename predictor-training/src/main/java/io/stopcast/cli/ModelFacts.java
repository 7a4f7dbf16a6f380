package io.stopcast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.RunSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is told of a version.
 *
 * @param model as its readers see it
 * @param runs which it has seen, if it tells
 * @param metrics as published; {@code results} is missing where nothing was judged
 */
record ModelFacts(String version, ModelFile model, Optional<RunSet> runs, JsonNode metrics) {
  static ModelFacts of(ModelRegistry registry, String version) throws IOException, ModelRejectedException {
    return new ModelFacts(version, registry.model(version), registry.runs(version), registry.metrics(version));
  }

  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("version", version);
    map.put("sha256", model.sha256());
    map.put("bytes", model.size());
    map.put("trees", model.trees());
    map.put("features", model.schema().size());
    map.put("schema_sha256", model.schema().sha256());
    map.put("thresholds", model.thresholds().byPrice());
    map.put("thresholds_alone", model.thresholdsAlone().byPrice());
    map.put("tasks_with_history", model.priors().tasks().size());
    map.put("earlier_runs", model.priors().tasks().values().stream().mapToInt(task -> task.runs().size()).sum());
    map.put("history_sha256", model.metadata().get(ModelFile.HISTORY_SHA256));
    map.put("runs", metrics.path("runs").asInt(0));
    map.put("seen_runs", runs.map(RunSet::size).orElse(null));
    map.put("losses", losses());
    return map;
  }

  /** The learned policy's loss on held-out runs, by split and price. */
  Map<String, Double> losses() {
    Map<String, Double> losses = new LinkedHashMap<>();
    for (JsonNode table : metrics.path("results")) {
      for (JsonNode policy : table.path("policies")) {
        if (policy.path("policy").asText().equals("learned")) {
          losses.put(
              String.format(Locale.ROOT, "%s, price %s", table.path("split").asText(), table.path("price").asText()),
              policy.path("loss").asDouble());
        }
      }
    }
    return losses;
  }
}
