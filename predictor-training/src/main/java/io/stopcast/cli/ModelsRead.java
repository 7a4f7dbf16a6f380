package io.stopcast.cli;

import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.Move;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is asked of a registry, and changes nothing in it. */
final class ModelsRead {
  private static final int DIGITS = 12;

  private ModelsRead() {}

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private static void tellPending(ModelRegistry registry, PrintWriter out) throws IOException {
    if (registry.isMovePending()) {
      line(out, "a writer was killed in the middle of a move; the next one finishes it");
    }
  }

  private static String told(Move move) {
    return "%s %s: %s".formatted(move.event().word(), move.version(), Printable.of(move.reason()));
  }

  /** For people: numbers with four decimals, digests by their first digits. */
  private static String shown(Object value) {
    if (value == null) {
      return "not told";
    }
    String text = value instanceof Double number ? String.format(Locale.ROOT, "%.4f", number) : value.toString();
    return text.length() == 64 ? text.substring(0, DIGITS) : text;
  }

  @Command(
      name = "list",
      description = "Every version with its aliases, and the last moves.",
      mixinStandardHelpOptions = true)
  static final class ListVersions implements Callable<Integer> {
    @Mixin private RegistryOption models;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Option(names = "--moves", paramLabel = "N", description = "How many moves are told. Default: ${DEFAULT-VALUE}.")
    private int most = 10;

    @Override
    public Integer call() throws Exception {
      ModelRegistry registry = models.existing();
      List<Move> moves = registry.history();
      List<Move> last = moves.subList(Math.max(0, moves.size() - Math.max(0, most)), moves.size());
      List<Map<String, Object>> versions = new ArrayList<>();
      for (String version : registry.versions()) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", version);
        facts.put("aliases", registry.aliases().of(version));
        try {
          facts.putAll(ModelFacts.of(registry, version).asMap());
        } catch (IOException | ModelRejectedException e) { // one that is damaged must not hide the others
          facts.put("fault", Stopcast.describe(e));
        }
        versions.add(facts);
      }
      boolean damaged = versions.stream().anyMatch(facts -> facts.containsKey("fault"));
      PrintWriter out = spec.commandLine().getOut();
      if (json.isOn()) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("models", registry.root().toString());
        all.put("versions", versions);
        all.put("moves", last.stream().map(Move::asMap).toList());
        all.put("move_pending", registry.isMovePending());
        JsonOption.print(out, all);
        return damaged ? Stopcast.BAD_DATA : Stopcast.OK;
      }
      line(out, "%-8s %-30s %9s %6s %7s  %s", "version", "aliases", "bytes", "trees", "runs", "sha256");
      for (Map<String, Object> facts : versions) {
        if (facts.containsKey("fault")) {
          line(
              out,
              "%-8s %-30s cannot be read: %s",
              facts.get("version"),
              String.join(" ", registry.aliases().of((String) facts.get("version"))),
              Printable.of((String) facts.get("fault")));
          continue;
        }
        line(
            out,
            "%-8s %-30s %,9d %6d %,7d  %s",
            facts.get("version"),
            String.join(" ", registry.aliases().of((String) facts.get("version"))),
            facts.get("bytes"),
            facts.get("trees"),
            facts.get("runs"),
            facts.get("sha256").toString().substring(0, DIGITS));
      }
      last.forEach(move -> line(out, "%4d  %s", move.number(), told(move)));
      tellPending(registry, out);
      return damaged ? Stopcast.BAD_DATA : Stopcast.OK;
    }
  }

  @Command(name = "show", description = "What a version is, and what became of it.", mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private RegistryOption models;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "VERSION", description = "An alias or a number.", defaultValue = ModelRegistry.CHAMPION, arity = "0..1")
    private String version;

    @Option(names = "--card", description = "Print its card, for people, in Markdown.")
    private boolean card;

    @Override
    public Integer call() throws Exception {
      ModelRegistry registry = models.existing();
      String number = registry.version(version);
      Map<String, Object> facts = ModelFacts.of(registry, number).asMap();
      facts.put("aliases", registry.aliases().of(number));
      facts.put("files_vouched_for", registry.vouchedFor(number));
      facts.put("moves", registry.history().stream().filter(move -> move.version().equals(number)).map(Move::asMap).toList());
      PrintWriter out = spec.commandLine().getOut();
      if (json.isOn()) {
        JsonOption.print(out, facts);
      } else if (card) {
        out.print(Files.readString(registry.folder(number).resolve(ModelRegistry.CARD)));
        out.flush();
      } else {
        facts.remove("moves");
        facts.forEach(
            (name, value) -> {
              if (value instanceof Map<?, ?> map) {
                line(out, "%s", name);
                map.forEach((key, of) -> line(out, "  %-28s %s", key, shown(of)));
              } else {
                line(out, "%-20s %s", name, value == null ? "not told" : value);
              }
            });
        registry.history().stream()
            .filter(move -> move.version().equals(number))
            .forEach(move -> line(out, "%4d  %s", move.number(), told(move)));
      }
      return Stopcast.OK;
    }
  }

  @Command(name = "diff", description = "In what two versions differ.", mixinStandardHelpOptions = true)
  static final class Diff implements Callable<Integer> {
    @Mixin private RegistryOption models;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "VERSION", description = "An alias or a number.")
    private String from;

    @Parameters(index = "1", paramLabel = "VERSION", description = "Another.")
    private String to;

    @Override
    public Integer call() throws Exception {
      ModelRegistry registry = models.existing();
      ModelFacts a = ModelFacts.of(registry, registry.version(from));
      ModelFacts b = ModelFacts.of(registry, registry.version(to));
      Map<String, Object> differences = new LinkedHashMap<>();
      Map<String, Object> of = a.asMap();
      Map<String, Object> other = b.asMap();
      of.remove("losses");
      other.remove("losses");
      of.forEach(
          (name, value) -> {
            if (!Objects.equals(value, other.get(name))) {
              differences.put(name, pair(value, other.get(name)));
            }
          });
      TreeSet<String> losses = new TreeSet<>(a.losses().keySet());
      losses.addAll(b.losses().keySet());
      losses.forEach(name -> differences.put("loss, " + name, pair(a.losses().get(name), b.losses().get(name))));
      if (a.runs().isPresent() && b.runs().isPresent()) {
        differences.put(
            "runs that only it has seen", pair(a.runs().get().notIn(b.runs().get()), b.runs().get().notIn(a.runs().get())));
      }
      sameText(a.model(), b.model(), differences);
      PrintWriter out = spec.commandLine().getOut();
      if (json.isOn()) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("from", a.version());
        all.put("to", b.version());
        all.put("differences", differences);
        JsonOption.print(out, all);
        return Stopcast.OK;
      }
      line(out, "%-44s %-24s %s", "", a.version(), b.version());
      differences.forEach(
          (name, value) -> {
            List<?> pair = (List<?>) value;
            line(out, "%-44s %-24s %s", name, shown(pair.get(0)), shown(pair.get(1)));
          });
      line(out, "Losses are by cross-validation, each over the runs that the version was trained on; only the gate compares two on the same runs.");
      return Stopcast.OK;
    }

    /** What the files say of themselves beside that: named if it differs, for it is long. */
    private static void sameText(ModelFile a, ModelFile b, Map<String, Object> differences) {
      TreeSet<String> names = new TreeSet<>(a.metadata().keySet());
      names.addAll(b.metadata().keySet());
      for (String name : names) {
        String left = a.metadata().get(name);
        String right = b.metadata().get(name);
        if (!Objects.equals(left, right)) {
          differences.put("metadata " + name, pair(length(left), length(right)));
        }
      }
    }

    private static String length(String text) {
      return text == null ? null : text.length() + " characters";
    }

    private static List<Object> pair(Object a, Object b) {
      List<Object> pair = new ArrayList<>();
      pair.add(a);
      pair.add(b);
      return pair;
    }
  }

  @Command(
      name = "verify",
      description = "Checks every byte of versions against their manifests, every model as a reader would, aliases and history. './stopcast verify'"
          + " checks a model's scorers.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Mixin private RegistryOption models;
    @Mixin private JsonOption json;
    @Spec private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "VERSION", description = "Aliases or numbers. Default: all versions.")
    private List<String> wanted = List.of();

    @Override
    public Integer call() throws Exception {
      ModelRegistry registry = models.existing();
      List<String> versions = new ArrayList<>();
      for (String name : wanted) {
        versions.add(registry.version(name));
      }
      if (versions.isEmpty()) {
        versions = registry.versions();
      }
      List<String> faults = new ArrayList<>(registry.faults());
      for (String version : versions) {
        faults.addAll(registry.faults(version));
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json.isOn()) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("models", registry.root().toString());
        all.put("versions", versions);
        all.put("moves", faults.isEmpty() ? registry.history().size() : null);
        all.put("move_pending", registry.isMovePending());
        all.put("faults", faults);
        JsonOption.print(out, all);
      } else {
        faults.forEach(fault -> line(out, "%s", Printable.of(fault)));
        tellPending(registry, out);
        line(
            out,
            faults.isEmpty() ? "%d versions are as their manifests say, and aliases and history are whole" : "%d versions looked at, %d faults",
            versions.size(),
            faults.size());
      }
      return faults.isEmpty() ? Stopcast.OK : Stopcast.BAD_DATA;
    }
  }
}
