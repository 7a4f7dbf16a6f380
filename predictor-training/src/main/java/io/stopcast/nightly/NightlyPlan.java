package io.stopcast.nightly;

import io.stopcast.history.ImportException;
import io.stopcast.history.Quoted;
import io.stopcast.importing.Importer;
import io.stopcast.model.Promise;
import io.stopcast.model.RegretLimit;
import io.stopcast.registry.HeldOut;
import io.stopcast.registry.Margins;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Split;
import io.stopcast.risk.PromiseRecipe;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;

/**
 * What a nightly job is to do, from one YAML file. Paths that are not absolute are meant from the folder of that file. A setting that nobody knows
 * is an error, with its line.
 *
 * @param store where imports go; none where only {@code histories} are read
 * @param imports what is imported
 * @param histories files and folders of runs that are read as they are
 * @param models the registry
 * @param log where JSON lines are appended
 * @param newRuns it retrains from so many runs on that it has not considered yet
 * @param newPoints and so many points of these
 * @param alone whether the shipped runs of other tasks are left out
 * @param fromStopped whether runs that did not end by themselves are learned from, as far as they show
 * @param protocol how models are judged
 * @param splits what is held out to judge the recipe; those that the history does not allow are left out
 * @param promise what each new model is to promise; empty: what the champion promises
 * @param heldOut what is never learned from
 * @param margins beside the champion
 * @param driftLimit from which index on a feature has drifted
 * @param driftRetrains whether drift is reason enough to train; never to promote
 * @param mostRuns at most so many runs of a source are used
 * @param harm by how much a model may be worse than never stopping on a source, in units of the price
 * @param leavesOut whether a source that harms is left out and the model trained again; else the job stops there
 */
public record NightlyPlan(
    Optional<Path> store,
    List<Import> imports,
    List<Path> histories,
    Path models,
    Path log,
    int newRuns,
    long newPoints,
    boolean alone,
    boolean fromStopped,
    Protocol protocol,
    List<Split> splits,
    Optional<PromiseRecipe> promise,
    HeldOut heldOut,
    Margins margins,
    double driftLimit,
    boolean driftRetrains,
    int mostRuns,
    double harm,
    boolean leavesOut) {

  /**
   * What is imported from one place.
   *
   * @param path a file, a folder, or the address of a database
   * @param wishes what is said instead of the logs; only what has changed is read
   */
  public record Import(String path, Importer.Wishes wishes) {}

  /** Reads a plan. */
  public static NightlyPlan read(Path file) throws IOException {
    Path base = file.toAbsolutePath().getParent();
    Section all = new Section(file, "", YamlTree.read(file));
    Section retrain = all.section("retrain");
    Section promise = all.section("promise");
    Section gate = all.section("gate");
    Section drift = all.section("drift");
    Section sources = all.section("sources");
    Optional<Path> store = all.text("store").map(base::resolve);
    List<Import> imports = new ArrayList<>();
    for (Section log : all.sections("logs")) {
      imports.add(imported(log, base));
    }
    List<Path> histories = all.texts("history").stream().map(base::resolve).toList();
    if (store.isEmpty() && (!imports.isEmpty() || histories.isEmpty())) {
      throw new ImportException(
          "%s: %s".formatted(file, imports.isEmpty() ? "it names no runs: give 'store' and 'logs', or 'history'" : "'logs' need a 'store' to go to"));
    }
    NightlyPlan plan =
        new NightlyPlan(
            store,
            imports,
            histories,
            base.resolve(all.required("models")),
            base.resolve(all.text("log").orElse("nightly.ndjson")),
            (int) retrain.number("new_runs", 50, n -> n >= 1, "a whole number from 1 on", true),
            (long) retrain.number("new_points", 0, n -> n >= 0, "a whole number from 0 on", true),
            retrain.flag("alone", false),
            retrain.word("stopped", List.of("leave-out", "learn")).equals("learn"),
            new Protocol(
                retrain.numbers("prices", Protocol.standard().prices()),
                (int) retrain.number("folds", Protocol.standard().folds(), n -> n >= 2 && n <= 100, "a whole number from 2 to 100", true),
                Protocol.standard().seed()),
            retrain.splits(List.of(Split.KNOWN_TASK, Split.UNSEEN_TASK, Split.TIME)),
            promise.promise(),
            new HeldOut((int) gate.number("held_out", 10, n -> n == 0 || n >= 2, "0, or a whole number from 2 on", true)),
            new Margins(
                gate.number("margin", Margins.STANDARD.overall(), n -> n >= 0, "a number from 0 on", false),
                gate.number("family_margin", Margins.STANDARD.family(), n -> n >= 0, "a number from 0 on", false),
                gate.number("latency_ratio", Margins.STANDARD.latency(), n -> n >= 1, "a number from 1 on", false)),
            drift.number("psi", 0.25, n -> n > 0, "a number above 0", false),
            drift.flag("retrains", false),
            (int) sources.number("most_runs", 5000, n -> n >= 1, "a whole number from 1 on", true),
            sources.number("harm", 0.2, n -> n >= 0, "a number from 0 on", false),
            sources.word("quarantine", List.of("refuse", "leave-out")).equals("leave-out"));
    for (Section section : List.of(all, retrain, promise, gate, drift, sources)) {
      section.requireAllKnown();
    }
    return plan;
  }

  private static Import imported(Section log, Path base) throws ImportException {
    String path = log.required("path");
    Optional<String> objective = log.text("objective");
    Importer.Wishes wishes =
        new Importer.Wishes(
            log.text("format"),
            objective.isEmpty() ? Optional.empty() : Optional.of(log.objective(objective.get())),
            log.text("task"),
            log.text("source"),
            Optional.empty(),
            log.end(),
            Optional.empty(),
            true);
    log.requireAllKnown();
    return new Import(path.startsWith("jdbc:") ? path : base.resolve(path).toString(), wishes);
  }

  /** A mapping of the file, whose settings are asked for one after the other; those that nobody asked for are unknown. */
  private static final class Section {
    private final Path file;
    private final String name;
    private final YamlTree.Mapping mapping;
    private final Map<String, YamlTree.Node> left;
    private final TreeSet<String> known = new TreeSet<>();

    Section(Path file, String name, YamlTree.Mapping mapping) {
      this.file = file;
      this.name = name;
      this.mapping = mapping;
      this.left = new HashMap<>(mapping.entries());
    }

    private YamlTree.Node take(String key) {
      known.add(key);
      return left.remove(key);
    }

    private ImportException wrong(int line, String key, String expected, String found) {
      return new ImportException(
          "%s line %d: '%s%s' should be %s, but is %s".formatted(file, line, name.isEmpty() ? "" : name + ".", key, expected, found));
    }

    private static String found(YamlTree.Node node) {
      return node instanceof YamlTree.Text text
          ? Quoted.of(text.value())
          : node instanceof YamlTree.Items ? "a list" : "a mapping";
    }

    Optional<String> text(String key) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return Optional.empty();
      }
      if (node instanceof YamlTree.Text text && !text.value().isBlank()) {
        return Optional.of(text.value());
      }
      throw wrong(node.line(), key, "a text", found(node));
    }

    String required(String key) throws ImportException {
      Optional<String> text = text(key);
      if (text.isEmpty()) {
        throw new ImportException(
            "%s line %d: '%s%s' is missing".formatted(file, mapping.line(), name.isEmpty() ? "" : name + ".", key));
      }
      return text.get();
    }

    double number(String key, double otherwise, DoublePredicate right, String expected, boolean whole) throws ImportException {
      YamlTree.Node node = take(key);
      return node == null ? otherwise : number(key, node, right, expected, whole);
    }

    private double number(String key, YamlTree.Node node, DoublePredicate right, String expected, boolean whole)
        throws ImportException {
      // Written as people write decimals: no octal, no sexagesimal, no infinity, no digits that are left away.
      String pattern = whole ? "0|[1-9][0-9]{0,8}" : "(0|[1-9][0-9]{0,8})(\\.[0-9]{1,12})?";
      if (node instanceof YamlTree.Text text && text.value().matches(pattern) && right.test(Double.parseDouble(text.value()))) {
        return Double.parseDouble(text.value());
      }
      throw wrong(node.line(), key, expected, found(node));
    }

    List<Double> numbers(String key, List<Double> otherwise) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return otherwise;
      }
      if (!(node instanceof YamlTree.Items items) || items.items().isEmpty()) {
        throw wrong(node.line(), key, "a list such as [0.03, 0.1, 0.3]", found(node));
      }
      List<Double> numbers = new ArrayList<>();
      for (YamlTree.Node item : items.items()) {
        numbers.add(number(key, item, n -> n > 0, "numbers above 0", false));
      }
      return numbers;
    }

    boolean flag(String key, boolean otherwise) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return otherwise;
      }
      if (node instanceof YamlTree.Text text && (text.value().equals("true") || text.value().equals("false"))) {
        return text.value().equals("true");
      }
      throw wrong(node.line(), key, "true or false", found(node));
    }

    String word(String key, List<String> words) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return words.get(0);
      }
      if (node instanceof YamlTree.Text text && words.contains(text.value())) {
        return text.value();
      }
      throw wrong(node.line(), key, "one of " + words, found(node));
    }

    List<String> texts(String key) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return List.of();
      }
      List<YamlTree.Node> items = node instanceof YamlTree.Items list ? list.items() : List.of(node);
      List<String> texts = new ArrayList<>();
      for (YamlTree.Node item : items) {
        if (!(item instanceof YamlTree.Text text) || text.value().isBlank()) {
          throw wrong(item.line(), key, "a text, or a list of them", found(item));
        }
        texts.add(text.value());
      }
      return texts;
    }

    Section section(String key) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return new Section(file, key, YamlTree.Mapping.none(mapping.line()));
      }
      if (node instanceof YamlTree.Mapping inside) {
        return new Section(file, key, inside);
      }
      throw wrong(node.line(), key, "a mapping", found(node));
    }

    List<Section> sections(String key) throws ImportException {
      YamlTree.Node node = take(key);
      if (node == null) {
        return List.of();
      }
      List<Section> sections = new ArrayList<>();
      if (node instanceof YamlTree.Items items) {
        for (YamlTree.Node item : items.items()) {
          if (!(item instanceof YamlTree.Mapping inside)) {
            throw wrong(item.line(), key, "a list of mappings such as '- path: mlruns'", found(item));
          }
          sections.add(new Section(file, key, inside));
        }
        return sections;
      }
      throw wrong(node.line(), key, "a list of mappings such as '- path: mlruns'", found(node));
    }

    List<Split> splits(List<Split> otherwise) throws ImportException {
      YamlTree.Node node = left.get("splits");
      List<String> words = texts("splits");
      String some = "some of " + Arrays.stream(Split.values()).map(Split::word).toList();
      if (node != null && words.isEmpty()) {
        throw wrong(node.line(), "splits", some, "an empty list");
      }
      List<Split> splits = new ArrayList<>();
      for (String word : words) {
        splits.add(
            Arrays.stream(Split.values())
                .filter(split -> split.word().equals(word))
                .findFirst()
                .orElseThrow(() -> wrong(node.line(), "splits", some, Quoted.of(word))));
      }
      return splits.isEmpty() ? otherwise : splits.stream().distinct().toList();
    }

    /** A limit on the regret, and for whom; empty if the section is. */
    Optional<PromiseRecipe> promise() throws ImportException {
      double most = share("max_regret");
      double risk = share("risk");
      double mean = share("mean_regret");
      double early = number("early", Double.NaN, n -> n > 0 && n <= 1, "a number above 0 and up to 1", false);
      double confidence = number("confidence", PromiseRecipe.CONFIDENCE, n -> n >= .5 && n < 1, "a number from 0.5 up to, but not, 1", false);
      Set<Promise.Unit> units = units();
      boolean byFamily = flag("by_family", false);
      if (mapping.entries().isEmpty()) {
        return Optional.empty();
      }
      if (Double.isNaN(most) == Double.isNaN(mean) || Double.isNaN(most) && !Double.isNaN(risk)) {
        throw new ImportException(
            "%s line %d: 'promise' should have one limit, 'max_regret' with or without a 'risk', or 'mean_regret', but has %s"
                .formatted(file, mapping.line(), new TreeSet<>(mapping.entries().keySet())));
      }
      RegretLimit limit =
          Double.isNaN(most) ? new RegretLimit.Mean(mean) : new RegretLimit.Exceeding(most, Double.isNaN(risk) ? PromiseRecipe.RISK : risk);
      return Optional.of(
          new PromiseRecipe(
              Double.isNaN(early) ? limit : new RegretLimit.AlsoEarly(limit, early), confidence, units, byFamily, PromiseRecipe.SEED));
    }

    private double share(String key) throws ImportException {
      return number(key, Double.NaN, n -> n > 0 && n < 1, "a number between 0 and 1", false);
    }

    private Set<Promise.Unit> units() throws ImportException {
      YamlTree.Node node = left.get("unit");
      Set<Promise.Unit> units = EnumSet.noneOf(Promise.Unit.class);
      for (String word : texts("unit")) {
        Promise.Unit unit = Arrays.stream(Promise.Unit.values()).filter(u -> u.word().equals(word)).findFirst().orElse(null);
        if (unit == null) {
          throw wrong(node.line(), "unit", "run, task or a list of both", Quoted.of(word));
        }
        units.add(unit);
      }
      return units.isEmpty() ? EnumSet.of(Promise.Unit.RUN) : units;
    }

    Objective objective(String text) throws ImportException {
      int colon = text.lastIndexOf(':');
      String goal = text.substring(colon + 1);
      if (colon < 1 || !(goal.equals("min") || goal.equals("max"))) {
        throw wrong(mapping.entries().get("objective").line(), "objective", "a metric and a goal such as val_loss:min", Quoted.of(text));
      }
      return goal.equals("max") ? Objective.maximize(text.substring(0, colon)) : Objective.minimize(text.substring(0, colon));
    }

    Optional<End> end() throws ImportException {
      Optional<String> word = text("end");
      if (word.isEmpty()) {
        return Optional.empty();
      }
      Optional<End> end = Arrays.stream(End.values()).filter(known -> known.word().equals(word.get())).findFirst();
      if (end.isEmpty()) {
        throw wrong(
            mapping.entries().get("end").line(), "end", "one of " + Arrays.stream(End.values()).map(End::word).toList(), Quoted.of(word.get()));
      }
      return end;
    }

    void requireAllKnown() throws ImportException {
      Optional<String> unknown = left.keySet().stream().min(Comparator.comparing(mapping.lines()::get));
      if (unknown.isPresent()) {
        throw new ImportException(
            "%s line %d: there is no setting %s%s; there are %s"
                .formatted(
                    file,
                    mapping.lines().get(unknown.get()),
                    Quoted.of(unknown.get()),
                    name.isEmpty() ? "" : " in '" + name + "'",
                    known));
      }
    }
  }
}
