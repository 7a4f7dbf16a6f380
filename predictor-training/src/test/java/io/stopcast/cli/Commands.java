package io.stopcast.cli;

import io.stopcast.run.Run;
import io.stopcast.run.Step;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs verbs as a shell would, for tests. */
final class Commands {
  private Commands() {}

  /** What a command answered. */
  record Answer(int exit, String out, String err) {}

  static Answer run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Stopcast.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = line.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }

  /** A run as a line of a history, under a source of one's own. */
  static String json(String source, Run run) {
    return String.format(
        Locale.ROOT,
        "{\"source\":\"%s\",\"task\":\"%s\",\"run\":\"%s\",\"context\":{},\"objective\":{\"name\":\"m\",\"goal\":\"max\"},"
            + "\"end\":\"%s\",\"planned\":%d,%s\"cost_unit\":\"epochs\",\"steps\":[%s]}",
        source,
        run.context().task(),
        run.context().run(),
        run.end().word(),
        run.context().horizon().points(),
        run.exemption().map(exempt -> "\"exempt\":{\"step\":%d,\"propensity\":%s},".formatted(exempt.step(), exempt.propensity())).orElse(""),
        run.steps().stream()
            .map((Step s) -> "{\"step\":%d,\"cost\":%s,\"values\":{\"m\":%s}}".formatted(s.index(), s.cost(), s.value("m")))
            .collect(Collectors.joining(",")));
  }
}
