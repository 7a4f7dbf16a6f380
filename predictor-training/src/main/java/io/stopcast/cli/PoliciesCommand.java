package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.TaskId;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.policy.PolicyFile;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.replay.Baselines;
import io.stopcast.replay.Chosen;
import io.stopcast.replay.ContextTuning;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Part;
import io.stopcast.replay.PolicyChoice;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Results;
import io.stopcast.replay.Rivals;
import io.stopcast.replay.RuleReplays;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.SelectionTraining;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.train.GivenModel;
import io.stopcast.train.SweepRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns which policy serves which runs. */
@Command(
    name = "policies",
    description = {
      "Which policy for which runs?",
      "Tunes the rules for each context that has runs enough (task, source, metric, planned length, or parameters of the runs) and"
          + " writes a file that people read and change, and that --policies of 'watch' and 'replay' and PolicyFile.read in a trainer take.",
      "With --judge nothing is written: what such files are worth on runs that they were not learned from is told."
    },
    mixinStandardHelpOptions = true)
final class PoliciesCommand implements Callable<Integer> {
  private static final String CONTEXT_OF_RULES = "rules by context";
  private static final String CONTEXT_OF_ALL = "all by context";
  private static final String SELECTION = "selection";

  @Option(names = "--out", paramLabel = "FILE", description = "The policy file to write.")
  private Path out;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "FACT",
      description = "By what contexts are told, the widest first: source, task, metric, goal, planned, planned_cost, cost_unit, or a"
          + " parameter of the runs. Default: what proves itself of source,task; metric,task; planned,task; source,planned,task.")
  private List<String> by = List.of();

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "Choose among this model as well: an alias (champion), a version folder or an .onnx file. It must have been trained on"
          + " other runs, or it looks better than it is; the history's runs are shown to it as earlier ones.")
  private String model;

  @Option(
      names = "--with-learned",
      description = "Choose among a learned policy as well that is trained anew on parts of the history: minutes instead of seconds.")
  private boolean withLearned;

  @Option(names = "--models", paramLabel = "DIR", description = "The registry for aliases. Default: the project's models/.")
  private Path models = Home.models();

  @Option(
      names = "--selection",
      description = "Choose by how a run began, after its first points, among the learned policy and the rules: needs --model or --with-learned.")
  private boolean selection;

  @Option(
      names = "--sweeps",
      description = "Write trees for the runs of a sweep, which RankedSweep takes, instead of a policy file: an .onnx file for --price, which is what the"
          + " compute of a full sweep is worth. Learned from the shipped runs as well, unless --alone. Minutes.")
  private boolean sweeps;

  @Option(names = "--judge", description = "Judge on held-out runs, at all prices, instead of writing a file.")
  private boolean judge;

  @Option(
      names = "--runs-per-task",
      paramLabel = "N",
      description = "Look at no more than so many runs of each task, drawn at random: the more the better, and the longer it takes.")
  private int runsPerTask = Integer.MAX_VALUE;

  @Mixin private HistoryOptions history;
  @Mixin private LearningOptions learning;
  @Mixin private JudgingOptions judging;
  @Mixin private PartOption part;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Part judged = part.part();
    Protocol protocol = judging.protocol();
    List<Split> splits = judging.chosenSplits();
    if (sweeps) {
      return writeTrees(protocol, judged);
    }
    if (judge == (out != null)) {
      throw new WrongUsageException("policies needs --out FILE to write what it learns, or --judge to judge it");
    }
    if (!judge && (protocol.prices().size() != 1 || splits.size() != 1)) {
      throw new WrongUsageException(
          "a file is for one price and one --split that says for which runs it is meant, such as --price 0.1 --split known, but there are "
              + protocol.prices() + " and " + splits.stream().map(Split::word).toList());
    }
    if (runsPerTask < 1) {
      throw new WrongUsageException("--runs-per-task must be at least 1, but was " + runsPerTask);
    }
    if (withLearned && model != null) {
      throw new WrongUsageException("--model M and --with-learned are two ways to the learned policy: give one");
    }
    if (selection && !withLearned && model == null) {
      throw new WrongUsageException("--selection chooses among the learned policy and the rules: it needs --model M or --with-learned");
    }
    PrintWriter err = spec.commandLine().getErr();
    History read = history.read(err);
    List<ScoredRun> runs = thinned(judged.read(HistoryOptions.scored(read)), protocol.seed());
    RuleReplays rules;
    try (Progress progress = Progress.of("replaying the rules", runs.size())) {
      rules = RuleReplays.of(Baselines.families(), runs, ShownHorizon.PLANNED, progress::step);
    }
    Optional<Learner> learned = learned(runs);
    return judge ? judge(protocol, splits, judged, runs, rules, learned) : write(protocol, splits.get(0), runs, rules, learned);
  }

  private List<ScoredRun> thinned(List<ScoredRun> runs, long seed) {
    Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
    runs.forEach(run -> byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run));
    Set<ScoredRun> kept = new HashSet<>();
    for (List<ScoredRun> ofTask : byTask.values()) {
      Collections.shuffle(ofTask, new Random(seed));
      ofTask.stream().limit(runsPerTask).forEach(kept::add);
    }
    return runs.stream().filter(kept::contains).toList();
  }

  private Optional<Learner> learned(List<ScoredRun> runs) throws IOException, ModelRejectedException {
    if (model != null) {
      return Optional.of(new GivenModel(ModelRegistry.find(model, models), Protocol.standard().seed()).remembering());
    }
    return withLearned ? Optional.of(learning.recipe(runs).remembering()) : Optional.empty();
  }

  private ContextTuning context(RuleReplays rules, Split split) throws WrongUsageException {
    try {
      return new ContextTuning(rules, split, by.isEmpty() ? ContextTuning.USUAL : List.of(by));
    } catch (IllegalArgumentException e) {
      throw new WrongUsageException(e.getMessage());
    }
  }

  private int write(Protocol protocol, Split split, List<ScoredRun> runs, RuleReplays rules, Optional<Learner> learned)
      throws IOException, WrongUsageException {
    double[] price = {protocol.prices().get(0)};
    ContextTuning context = context(rules, split);
    Learner learner =
        selection ? new SelectionTraining(rules, learned.orElseThrow(), split) : learned.map(context::with).orElse(context);
    PolicyChoice choice = ((Chosen) learner.fit(runs, price)).choices().get(0);
    Optional<PolicyFile> file = choice.file();
    if (file.isEmpty()) {
      throw new ImportException(
          "no file is written: on this history nothing is gained over one policy for all runs, which is " + choice.otherwise());
    }
    WholeFile.write(out, file.get().text().getBytes(StandardCharsets.UTF_8));
    PrintWriter print = spec.commandLine().getOut();
    if (json.isOn()) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("runs", runs.size());
      summary.put("price", price[0]);
      summary.put("contexts", file.get().contexts().size());
      summary.put("otherwise", choice.otherwise());
      summary.put("out", out.toString());
      JsonOption.print(print, summary);
    } else {
      print.printf(
          Locale.ROOT, "%,d runs; %d contexts, otherwise %s; wrote %s%n", runs.size(), file.get().contexts().size(), choice.otherwise(), out);
    }
    return Stopcast.OK;
  }

  private int writeTrees(Protocol protocol, Part part) throws IOException, WrongUsageException {
    if (out == null || judge || selection || withLearned || model != null || !by.isEmpty()) {
      throw new WrongUsageException(
          "--sweeps writes trees to --out FILE; it goes without --judge, --by, --model, --with-learned and --selection. checks/sweeps judges such trees");
    }
    if (protocol.prices().size() != 1) {
      throw new WrongUsageException("--sweeps writes trees for one price, such as --price 0.1, but there are " + protocol.prices());
    }
    double price = protocol.prices().get(0);
    List<ScoredRun> runs = thinned(part.read(HistoryOptions.scored(history.read(spec.commandLine().getErr()))), protocol.seed());
    List<ScoredRun> all = Stream.concat(runs.stream(), learning.recipe(runs).further().stream()).toList();
    ModelFile trees;
    try {
      trees = SweepRecipe.on(all).train(price);
    } catch (IllegalArgumentException e) {
      throw new ImportException(e.getMessage());
    }
    WholeFile.write(out, trees.bytes());
    PrintWriter print = spec.commandLine().getOut();
    if (json.isOn()) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("runs", all.size());
      summary.put("price", price);
      summary.put("trees", trees.trees());
      summary.put("out", out.toString());
      JsonOption.print(print, summary);
    } else {
      print.printf(Locale.ROOT, "%,d runs; %d trees for the runs of a sweep at price %s; wrote %s%n", all.size(), trees.trees(), price, out);
    }
    return Stopcast.OK;
  }

  private int judge(Protocol protocol, List<Split> splits, Part judged, List<ScoredRun> runs, RuleReplays rules, Optional<Learner> learned)
      throws IOException, WrongUsageException {
    PrintWriter print = spec.commandLine().getOut();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Split split : splits) {
      Folds folds = split.folds(runs, protocol.folds(), protocol.seed()).judging(judged::holds);
      if (folds.folds().isEmpty()) {
        throw new ImportException("the history is too small to be judged under '" + split.word() + "'");
      }
      Map<String, Learner> learners = new LinkedHashMap<>();
      learners.put(CONTEXT_OF_RULES, context(rules, split));
      if (learned.isPresent()) {
        learners.put(CONTEXT_OF_ALL, context(rules, split).with(learned.get()));
        learners.put(SELECTION, new SelectionTraining(rules, learned.get(), split));
        learners.put(Results.LEARNED, learned.get());
      }
      Map<String, Results> results = new LinkedHashMap<>();
      for (Map.Entry<String, Learner> learner : learners.entrySet()) {
        try (Progress progress = Progress.of("judging " + split.word() + ", " + learner.getKey(), folds.folds().size())) {
          results.put(learner.getKey(), protocol.judge(split, folds, List.of(rules), learner.getValue(), progress::step).get(0));
        }
      }
      Rivals rivals = new Rivals(results);
      for (int p = 0; p < protocol.prices().size(); p++) {
        String single = rivals.bestSingle(learners.containsKey(Results.LEARNED) ? List.of(Results.LEARNED) : List.of(), p);
        for (String learner : learners.keySet()) {
          rows.add(row(split, protocol.prices().get(p), learner, results.get(learner).row(Results.LEARNED, p), rivals, p, single));
        }
        Results any = results.get(CONTEXT_OF_RULES);
        for (String rule : List.of(Results.TUNED_RULE, any.bestRule(p))) {
          rows.add(row(split, protocol.prices().get(p), rule, any.row(rule, p), null, p, single));
        }
      }
      if (!json.isOn()) {
        print.println(table(rows.stream().filter(row -> row.get("split").equals(split.word())).toList()));
        print.flush();
      }
    }
    if (json.isOn()) {
      JsonOption.print(print, Map.of("part", judged.word(), "runs", runs.size(), "results", rows));
    }
    return Stopcast.OK;
  }

  private static Map<String, Object> row(
      Split split, double price, String name, Results.Row row, Rivals rivals, int p, String single) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("split", split.word());
    columns.put("price", price);
    columns.put("policy", name);
    columns.put("loss", row.loss());
    columns.put("nru", row.nru());
    columns.put("saved", row.saved());
    columns.put("regret", row.regret());
    columns.put("false_stops", row.falseStops());
    if (rivals != null) {
      columns.put("against_tuned_rule", rivals.compare(name, Results.TUNED_RULE, p));
      columns.put("against_best_single", rivals.compare(name, single, p));
    }
    return columns;
  }

  private static String table(List<Map<String, Object>> rows) {
    StringBuilder text =
        new StringBuilder(
            "| split | price | policy | saved | regret | loss | NRU | P(regret > .02) | loss less that of the rule tuned for all runs [95 %]"
                + " | loss less that of the best single policy in hindsight [95 %] |\n|---|---|---|--:|--:|--:|--:|--:|---|---|\n");
    for (Map<String, Object> row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.1f %% | %.4f | %.4f | %.3f | %.1f %% | %s | %s |\n",
              row.get("split"), row.get("price"), row.get("policy"), 100 * (double) row.get("saved"), row.get("regret"), row.get("loss"),
              row.get("nru"), 100 * (double) row.get("false_stops"), difference(row.get("against_tuned_rule"), false),
              difference(row.get("against_best_single"), true)));
    }
    return text.toString();
  }

  private static String difference(Object cell, boolean named) {
    return cell instanceof Rivals.Difference d
        ? String.format(Locale.ROOT, "%.4f [%.4f, %.4f]%s", d.mean(), d.low(), d.high(), named ? " (" + d.against() + ")" : "")
        : "";
  }
}
