package io.stopcast.importing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what is read at a path, or at the URL of an MLflow server, as one object of JSON, for {@code checks/real-tools}.
 * Numbers of metrics are texts, so that NaN and infinities pass.
 */
public final class LogDump {
  private LogDump() {}

  public static void main(String[] args) throws IOException {
    CollectedLogs logs = new CollectedLogs();
    String format = read(args[0], logs);
    List<Map<String, Object>> runs = new ArrayList<>();
    logs.runs.forEach((name, run) -> runs.add(facts(name, run)));
    Map<String, Object> all =
        Map.of("format", format, "runs", runs, "skipped", logs.skipped, "repaired", logs.repaired);
    System.out.println(new ObjectMapper().writeValueAsString(all));
  }

  private static String read(String place, LogSink sink) throws IOException {
    if (MlflowServer.isUrl(place)) {
      new MlflowServer(place).read(sink);
      return "mlflow-server";
    }
    LogPlace at = LogPlace.of(Path.of(place));
    List<LogReader> readers = new ArrayList<>();
    readers.addAll(List.of(new MlflowDatabase(), new OptunaDatabase(), new OptunaJournal(), new MlflowFiles()));
    readers.addAll(List.of(new CatBoostFolder(), new DvcLiveFolder(), new AlgoPerfFolder()));
    readers.addAll(TableReader.all());
    for (LogReader reader : readers) {
      if (reader.recognizes(at)) {
        reader.read(at, sink);
        return reader.format();
      }
    }
    throw new IOException("no reader knows " + place);
  }

  private static Map<String, Object> facts(String name, CollectedLogs.Collected run) {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("name", name);
    facts.put("end", run.end.name());
    facts.put("planned", run.planned);
    facts.put("parameters", run.parameters);
    facts.put("restarts", run.restarts);
    facts.put("objective", String.valueOf(run.objective));
    facts.put("cost", String.valueOf(run.cost));
    facts.put("started", String.valueOf(run.started));
    Map<String, List<List<Object>>> values = new TreeMap<>();
    for (CollectedLogs.Value value : run.values) {
      values
          .computeIfAbsent(value.metric(), metric -> new ArrayList<>())
          .add(List.of(value.step(), value.millis(), Double.toString(value.value())));
    }
    facts.put("values", values);
    return facts;
  }
}
