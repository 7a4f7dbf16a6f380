package io.stopcast.importing;

import io.stopcast.history.RunLines;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Our own form: a run a line, as JSON, plain or gzip. */
final class CanonicalReader implements LogReader {
  private static final int MARKED = 4 << 10;
  private static final String COST = "stopcast.cost";

  @Override
  public String format() {
    return "stopcast";
  }

  @Override
  public boolean recognizes(LogPlace place) throws IOException {
    if (place.isFolder() || place.head().length < 2) {
      return false;
    }
    String start = new String(start(place.head()), StandardCharsets.UTF_8).stripLeading();
    return start.startsWith("{") && start.contains("\"source\"") && start.contains("\"task\"") && start.contains("\"run\"");
  }

  private static byte[] start(byte[] head) {
    if (head[0] != 0x1f || head[1] != (byte) 0x8b) {
      return head;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(head))) {
      return in.readNBytes(MARKED);
    } catch (IOException e) {
      return new byte[0]; // Not gzip after all, or the first bytes alone do not tell.
    }
  }

  @Override
  public void read(LogPlace place, LogSink sink) throws IOException {
    Path file = place.path();
    RunLines.read(
        file,
        new RunLines.Taker() {
          @Override
          public void run(Run run, String where) throws IOException {
            put(run, sink.run(run.context().source(), run.context().task(), run.context().run()));
          }

          @Override
          public void fault(String message, Exception cause) {
            sink.skipped(file.getFileName().toString(), message);
          }
        });
  }

  private static void put(Run run, LoggedRun to) throws IOException {
    RunContext context = run.context();
    Objective objective = context.objective();
    to.objective(objective.metric(), objective.direction());
    context.parameters().forEach(to::parameter);
    to.end(run.end());
    run.exemption().ifPresent(exempt -> to.exempt(exempt.step(), exempt.propensity()));
    to.plannedPoints(context.horizon().points());
    to.plannedCost(context.horizon().cost());
    to.costMetric(COST, context.costUnit());
    for (Step step : run.steps()) {
      to.value(COST, step.index(), LoggedRun.NO_TIME, step.cost());
      for (String metric : step.names()) {
        to.value(metric, step.index(), LoggedRun.NO_TIME, step.value(metric));
      }
    }
    for (Map.Entry<String, double[]> label : run.labels().entrySet()) {
      to.label(label.getKey());
      double[] values = label.getValue();
      for (int i = 0; i < values.length; i++) {
        if (!Double.isNaN(values[i])) {
          to.value(label.getKey(), run.steps().get(i).index(), LoggedRun.NO_TIME, values[i]);
        }
      }
    }
  }
}
