package io.stopcast.cli;

import io.stopcast.feature.FeatureExtractor;
import io.stopcast.history.History;
import io.stopcast.history.ImportException;
import io.stopcast.history.Store;
import io.stopcast.importing.ImportReport;
import io.stopcast.importing.Importer;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.nightly.Drift;
import io.stopcast.nightly.JobLog;
import io.stopcast.nightly.NightlyPlan;
import io.stopcast.nightly.Profile;
import io.stopcast.registry.Finding;
import io.stopcast.registry.FolderLock;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.RunSet;
import io.stopcast.registry.SourceCap;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.Split;
import io.stopcast.report.StoppedText;
import io.stopcast.risk.PromiseRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The job that runs by itself: imports, looks whether there is enough that is new, retrains, and promotes what passes the gate. */
@Command(
    name = "nightly",
    description = {
      "Imports what has changed, retrains if there is enough that is new, and promotes what passes the gate; for cron or a timer.",
      "One YAML file says what to do: docs/nightly.md. What was done is appended to its log as JSON lines."
    },
    mixinStandardHelpOptions = true)
final class NightlyCommand implements Callable<Integer> {
  private static final String LOCK = ".nightly.lock";

  /** In the registry's folder: which runs the last training has considered, whether or not it led to a champion. */
  private static final String CONSIDERED = "considered.txt";

  /** Of fewer new runs it is not asked whether they are others than before. */
  private static final int ENOUGH_FOR_DRIFT = 20;

  private static final int COLUMNS_TOLD = 5;

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "What to do, as YAML.")
  private Path config;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() throws Exception {
    NightlyPlan plan = NightlyPlan.read(config);
    new ModelRegistry(plan.models()).make();
    try (FolderLock lock = FolderLock.take(plan.models().resolve(LOCK), "a nightly job is at work in " + plan.models() + " already, by");
        JobLog log = JobLog.appendingTo(plan.log(), clock)) {
      log.tell("start", Map.of("config", config.toString(), "lock", lock.file().getFileName().toString()));
      try {
        return new Job(plan, log).run();
      } catch (IOException | RuntimeException | ModelRejectedException | Error e) { // out of memory, say
        try {
          log.tell("failed", Map.of("why", e instanceof Exception known ? Stopcast.describe(known) : rootOf(e).toString()));
        } catch (IOException notTold) {
          e.addSuppressed(notTold);
        }
        throw e;
      }
    }
  }

  /** An error's own text is often only that something could not be loaded. */
  private static Throwable rootOf(Throwable e) {
    return e.getCause() == null ? e : rootOf(e.getCause());
  }

  /** One night. */
  private final class Job {
    private final NightlyPlan plan;
    private final JobLog log;
    private final ModelRegistry registry;
    private final PrintWriter out = spec.commandLine().getOut();
    private final PrintWriter err = spec.commandLine().getErr();
    private final PrintWriter text = json.isOn() ? err : out;
    private final Map<String, Object> result = new LinkedHashMap<>();
    private boolean incomplete;

    Job(NightlyPlan plan, JobLog log) {
      this.plan = plan;
      this.log = log;
      this.registry = new ModelRegistry(plan.models());
    }

    private void tell(String event, Map<String, Object> facts) throws IOException {
      log.tell(event, facts);
      result.put(event, facts);
    }

    Integer run() throws IOException, ModelRejectedException {
      importAll();
      History read = History.read(places(), History.Options.STRICT);
      List<ScoredRun> all = HistoryOptions.learned(read, plan.fromStopped());
      SourceCap cap = new SourceCap(plan.mostRuns());
      List<ScoredRun> runs = cap.of(all);
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("sha256", read.sha256());
      told.put("runs", read.runs().size());
      told.put("scored", ScoredRun.complete(all).size());
      told.putAll(StoppedText.json(all));
      told.put("beyond_cap", cap.leftOut(all));
      told.put("held_out", runs.stream().filter(plan.heldOut()::holds).count());
      tell("history", told);
      List<ScoredRun> fresh = fresh(runs);
      boolean drifted = isDrifted(ScoredRun.complete(fresh)); // as the profile is of what ended by itself
      Optional<String> reason = reason(fresh, drifted);
      int exit = reason.isEmpty() ? Stopcast.OK : retrain(runs, fresh, read, reason.get());
      if (exit == Stopcast.OK && incomplete) {
        exit = Stopcast.BAD_DATA;
      }
      tell("end", Map.of("exit", exit, "champion", registry.alias(ModelRegistry.CHAMPION).orElse("none")));
      if (json.isOn()) {
        JsonOption.print(out, result);
      }
      return exit;
    }

    /** One place that cannot be read must not cost the others their runs; the exit code tells. */
    private void importAll() throws IOException {
      List<Map<String, Object>> imports = new ArrayList<>();
      for (NightlyPlan.Import from : plan.imports()) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", from.path());
        try {
          ImportReport report = new Importer(Store.in(plan.store().orElseThrow()), from.wishes()).run(List.of(from.path()), true);
          facts.put("runs", report.runs());
          facts.put("new", report.runs() - report.unchanged() - report.replaced());
          facts.put("replaced", report.replaced());
          facts.put("unchanged", report.unchanged());
          facts.put("incomplete", report.isIncomplete());
          incomplete |= report.isIncomplete();
          log.tell("import", facts);
        } catch (IOException e) {
          String why = e instanceof ImportException ? Stopcast.describe(e) : from.path() + ": " + Stopcast.describe(e);
          facts.put("why", why);
          incomplete = true;
          err.println("stopcast: " + Printable.of(why));
          log.tell("import_failed", facts);
        }
        imports.add(facts);
      }
      result.put("imports", imports);
    }

    private List<Path> places() throws IOException {
      List<Path> places = new ArrayList<>(plan.histories());
      if (plan.store().isPresent() && Store.isStore(plan.store().get())) {
        places.add(plan.store().get());
      }
      if (places.isEmpty()) {
        throw new ImportException("there are no runs: the store %s is empty".formatted(plan.store().orElseThrow()));
      }
      return places;
    }

    /** Runs to learn from that neither the champion has seen nor the last training has considered. */
    private List<ScoredRun> fresh(List<ScoredRun> runs) throws IOException {
      Optional<RunSet> considered = RunSet.read(plan.models().resolve(CONSIDERED));
      Optional<String> champion = registry.alias(ModelRegistry.CHAMPION);
      Optional<RunSet> seen = champion.isEmpty() ? Optional.empty() : registry.runs(champion.get());
      return runs.stream()
          .filter(run -> !plan.heldOut().holds(run))
          .filter(run -> considered.isEmpty() || !considered.get().contains(run))
          .filter(run -> seen.isEmpty() || !seen.get().contains(run))
          .toList();
    }

    private boolean isDrifted(List<ScoredRun> fresh) throws IOException, ModelRejectedException {
      Optional<String> champion = registry.alias(ModelRegistry.CHAMPION);
      if (champion.isEmpty() || fresh.size() < ENOUGH_FOR_DRIFT) {
        return false;
      }
      Optional<byte[]> before = registry.file(champion.get(), Profile.FILE);
      if (before.isEmpty()) {
        return isUnknown("champion " + champion.get() + " was published without a profile");
      }
      ModelFile model = registry.model(champion.get());
      if (!model.schema().sha256().equals(FeatureExtractor.schema().sha256())) {
        return isUnknown("champion " + champion.get() + " has other features than this program extracts");
      }
      Profile profile = Profile.parse(before.get(), registry.folder(champion.get()).resolve(Profile.FILE).toString());
      if (Double.isNaN(profile.price())) {
        return isUnknown("champion " + champion.get() + " does not tell the price of its profile, and scores at another one are others");
      }
      Drift drift = Drift.of(profile, profile.same(model, fresh));
      List<Drift.Column> beyond = drift.beyond(plan.driftLimit());
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("known", true);
      facts.put("runs", fresh.size());
      // Their features of earlier runs are all unknown, which is drift, and no wonder.
      long ofNewTasks = fresh.stream().filter(run -> model.priors().of(run.run().context()).runs().isEmpty()).count();
      facts.put("runs_of_new_tasks", ofNewTasks);
      facts.put("drifted", beyond.stream().map(Drift.Column::name).toList());
      facts.put("largest", drift.columns().stream().limit(COLUMNS_TOLD).toList());
      facts.put("score", drift.score().orElse(null));
      facts.put("suggests", beyond.isEmpty() ? "nothing" : "to retrain");
      tell("drift", facts);
      if (!beyond.isEmpty()) {
        text.printf(
            "%d features of the new runs have drifted, %s most; %d of the %d runs are of tasks that the champion does not know%n",
            beyond.size(), beyond.get(0).name(), ofNewTasks, fresh.size());
      }
      return !beyond.isEmpty();
    }

    private boolean isUnknown(String why) throws IOException {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("known", false);
      facts.put("why", why);
      tell("drift", facts);
      return false;
    }

    /** Why to train tonight, if there is a reason. */
    private Optional<String> reason(List<ScoredRun> fresh, boolean drifted) throws IOException {
      long points = fresh.stream().mapToLong(ScoredRun::length).sum();
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("runs", fresh.size());
      facts.put("points", points);
      facts.put("wanted_runs", plan.newRuns());
      facts.put("wanted_points", plan.newPoints());
      boolean enough = fresh.size() >= plan.newRuns() && points >= plan.newPoints();
      boolean byDrift = !enough && drifted && plan.driftRetrains();
      facts.put("retrains", enough || byDrift);
      tell("new", facts);
      text.printf(
          "%,d runs with %,d points are new; it retrains from %,d and %,d on%n", fresh.size(), points, plan.newRuns(), plan.newPoints());
      if (enough) {
        return Optional.of("nightly: %d new runs".formatted(fresh.size()));
      }
      return byDrift ? Optional.of("nightly: drift in %d new runs".formatted(fresh.size())) : Optional.empty();
    }

    /** What the plan wants to be promised; else what the champion promises is certified anew of what is to follow it. */
    private Optional<PromiseRecipe> promise() throws IOException, ModelRejectedException {
      if (plan.promise().isPresent()) {
        return plan.promise();
      }
      Optional<String> champion = registry.alias(ModelRegistry.CHAMPION);
      return champion.isEmpty() ? Optional.empty() : PromiseRecipe.again(registry.model(champion.get()).promises(), PromiseRecipe.SEED);
    }

    private int retrain(List<ScoredRun> runs, List<ScoredRun> fresh, History read, String reason)
        throws IOException, ModelRejectedException {
      Retraining retraining =
          new Retraining(
              plan.protocol(),
              splits(runs),
              plan.alone(),
              new GateRules(plan.heldOut(), plan.margins(), plan.harm()),
              promise(),
              text,
              err);
      Retraining.Outcome outcome = retraining.run(runs, read, registry, reason);
      tellVerdict("verdict", outcome);
      if (outcome.objection().isPresent()) {
        Quarantine quarantine = new Quarantine(retraining, registry);
        Map<String, String> atFault = quarantine.atFault(outcome, runs, fresh);
        if (!atFault.isEmpty()) {
          Map<String, Object> facts = new LinkedHashMap<>();
          facts.put("sources", atFault);
          facts.put("left_out", plan.leavesOut());
          tell("quarantine", facts);
          atFault.forEach((source, why) -> err.printf("source '%s' is at fault: %s%n", Printable.of(source), Printable.of(why)));
        }
        List<ScoredRun> others = Quarantine.without(runs, atFault.keySet());
        if (plan.leavesOut() && !atFault.isEmpty() && !retraining.learnable(others).isEmpty()) {
          outcome = retraining.run(others, read, registry, reason + ", without sources " + atFault.keySet());
          tellVerdict("verdict_without", outcome);
        }
      }
      remember(retraining.learnable(runs));
      return outcome.objection().isEmpty() ? Stopcast.OK : Stopcast.GATE_FAILED;
    }

    private void tellVerdict(String event, Retraining.Outcome outcome) throws IOException {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("version", outcome.version());
      facts.put("promoted", outcome.objection().isEmpty());
      outcome.objection().ifPresent(why -> facts.put("objection", why));
      facts.put("gate", Finding.figures(outcome.findings()));
      tell(event, facts);
      outcome
          .objection()
          .ifPresentOrElse(
              why -> err.printf("version %s is NOT promoted: %s%n", outcome.version(), Printable.of(why)),
              () -> text.printf("version %s is the champion in %s%n", outcome.version(), plan.models()));
    }

    /** Of the planned splits those by date only where a third of the runs can be judged by it: a few dated runs tell nothing. */
    private List<Split> splits(List<ScoredRun> runs) {
      return plan.splits().stream()
          .filter(
              split ->
                  split != Split.TIME
                      || 3 * Arrays.stream(split.assign(runs, plan.protocol().folds(), plan.protocol().seed())).filter(fold -> fold >= 0).count()
                          >= runs.size())
          .toList();
    }

    /** If the job does not come to this, the same runs are considered once more. */
    private void remember(List<ScoredRun> considered) throws IOException {
      WholeFile.write(plan.models().resolve(CONSIDERED), RunSet.of(considered).format());
    }
  }
}
