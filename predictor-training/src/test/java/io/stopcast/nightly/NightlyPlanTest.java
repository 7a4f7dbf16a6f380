package io.stopcast.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.history.ImportException;
import io.stopcast.model.Promise.Unit;
import io.stopcast.model.RegretLimit;
import io.stopcast.registry.HeldOut;
import io.stopcast.registry.Margins;
import io.stopcast.replay.Split;
import io.stopcast.risk.PromiseRecipe;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NightlyPlanTest {
  @TempDir private Path folder;

  private NightlyPlan read(String yaml) throws IOException {
    return NightlyPlan.read(Files.writeString(folder.resolve("plan.yaml"), yaml));
  }

  @Test
  void read_everySetting() throws IOException {
    NightlyPlan plan =
        read(
            """
            # what is done at night
            store: store
            logs:
              - path: mlruns
                format: mlflow-files
                objective: val_loss:min
                task: dataset
                source: no        # a text, not a truth value
                end: completed
              - path: jdbc:postgresql://host/mlflow
            history: [more.jsonl, /data/old]
            models: models
            log: logs/nightly.ndjson
            retrain:
              new_runs: 7
              new_points: 100
              alone: true
              stopped: learn
              prices: [0.05, 0.2]
              folds: 3
              splits: [known]
            promise: {max_regret: 0.02, risk: 0.2, early: 0.5, confidence: 0.95, unit: [run, task], by_family: true}
            gate: {held_out: 5, margin: 0.01, family_margin: 0.3, latency_ratio: 2.5}
            drift:
              psi: 0.4
              retrains: true
            sources:
              most_runs: 300
              harm: 0
              quarantine: leave-out
            """);
    assertEquals(Optional.of(folder.resolve("store")), plan.store());
    assertEquals(folder.resolve("mlruns").toString(), plan.imports().get(0).path());
    assertEquals(Optional.of("no"), plan.imports().get(0).wishes().source());
    assertEquals(Optional.of(Objective.minimize("val_loss")), plan.imports().get(0).wishes().objective());
    assertEquals(Optional.of(End.COMPLETED), plan.imports().get(0).wishes().end());
    assertEquals("jdbc:postgresql://host/mlflow", plan.imports().get(1).path());
    assertEquals(List.of(folder.resolve("more.jsonl"), Path.of("/data/old")), plan.histories());
    assertEquals(7, plan.newRuns());
    assertEquals(100, plan.newPoints());
    assertEquals(List.of(0.05, 0.2), plan.protocol().prices());
    assertEquals(List.of(Split.KNOWN_TASK), plan.splits());
    RegretLimit limit = new RegretLimit.AlsoEarly(new RegretLimit.Exceeding(.02, .2), .5);
    assertEquals(Optional.of(new PromiseRecipe(limit, .95, Set.of(Unit.RUN, Unit.TASK), true, PromiseRecipe.SEED)), plan.promise());
    assertEquals(new HeldOut(5), plan.heldOut());
    assertEquals(new Margins(0.01, 0.3, 2.5), plan.margins());
    assertEquals(List.of(0.4, 300.0, 0.0), List.of(plan.driftLimit(), (double) plan.mostRuns(), plan.harm()));
    assertEquals(List.of(true, true, true, true), List.of(plan.alone(), plan.fromStopped(), plan.driftRetrains(), plan.leavesOut()));
  }

  @Test
  void read_fewSettings_hasDefaults() throws IOException {
    NightlyPlan plan = read("history: runs.jsonl\nmodels: models\n");
    assertEquals(50, plan.newRuns());
    assertEquals(new HeldOut(10), plan.heldOut());
    assertEquals(List.of(Split.KNOWN_TASK, Split.UNSEEN_TASK, Split.TIME), plan.splits());
    assertEquals(folder.resolve("nightly.ndjson"), plan.log());
    assertEquals(List.of(false, false, false, false), List.of(plan.alone(), plan.fromStopped(), plan.driftRetrains(), plan.leavesOut()));
  }

  @Test
  void read_promise_hasDefaults() throws IOException {
    NightlyPlan mean = read("history: runs.jsonl\nmodels: models\npromise: {mean_regret: 0.01, unit: task}\n");
    assertEquals(Optional.of(new PromiseRecipe(new RegretLimit.Mean(.01), .9, Set.of(Unit.TASK), PromiseRecipe.SEED)), mean.promise());
    NightlyPlan exceeding = read("history: runs.jsonl\nmodels: models\npromise: {max_regret: 0.02}\n");
    assertEquals(
        Optional.of(new PromiseRecipe(new RegretLimit.Exceeding(.02, .1), .9, Set.of(Unit.RUN), PromiseRecipe.SEED)), exceeding.promise());
    assertEquals(Optional.empty(), read("history: runs.jsonl\nmodels: models\n").promise());
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          models: m#history: h#retrian:#  new_runs: 3     | line 3: there is no setting 'retrian'; there are [drift, gate, history, log, logs, models, promise, retrain, sources, store]
          models: m#history: h#retrain:#  new_run: 3      | line 4: there is no setting 'new_run' in 'retrain'; there are [alone, folds, new_points, new_runs, prices, splits, stopped]
          models: m#store: s#logs:#  - path: p#    tsak: x | line 5: there is no setting 'tsak' in 'logs'; there are [end, format, objective, path, source, task]
          models: m#history: h#retrain: {new_runs: 0777}  | line 3: 'retrain.new_runs' should be a whole number from 1 on, but is '0777'
          models: m#history: h#retrain: {stopped: forget} | line 3: 'retrain.stopped' should be one of [leave-out, learn], but is 'forget'
          models: m#history: h#retrain: {alone: no}       | line 3: 'retrain.alone' should be true or false, but is 'no'
          models: m#history: h#gate: {margin: .inf}       | line 3: 'gate.margin' should be a number from 0 on, but is '.inf'
          models: m#history: h#retrain: {splits: [knwon]} | line 3: 'retrain.splits' should be some of [known, unseen-task, unseen-source, time, success], but is 'knwon'
          models: m#history: h#retrain: {splits: []}      | line 3: 'retrain.splits' should be some of [known, unseen-task, unseen-source, time, success], but is an empty list
          models: m#history: h#promise: {max_regret: 2}   | line 3: 'promise.max_regret' should be a number between 0 and 1, but is '2'
          models: m#history: h#promise: {unit: job}       | line 3: 'promise.unit' should be run, task or a list of both, but is 'job'
          models: m#history: h#promise:#  risk: 0.1       | line 4: 'promise' should have one limit, 'max_regret' with or without a 'risk', or 'mean_regret', but has [risk]
          models: m#history: h#promise:#  confidence: 1   | line 4: 'promise.confidence' should be a number from 0.5 up to, but not, 1, but is '1'
          models: m#history: h#models: n                  | line 3: 'models' is there twice
          models: m#history: &a h                         | line 2: tags and anchors are not read; write it plainly
          models: !!python/object m                       | line 1: tags and anchors are not read; write it plainly
          models: m#history: *a                           | line 2: aliases are not read; write it out
          models: [m]#history: h                          | line 1: 'models' should be a text, but is a list
          history: h                                      | line 1: 'models' is missing
          - a                                             | line 1: a plan is a mapping such as 'store: history'
          a: [[[[[[[[[[1]]]]]]]]]]                        | line 1: nested deeper than 8
          """)
  void read_wrong_saysWhereAndWhatIsRight(String yaml, String message) {
    ImportException e = assertThrows(ImportException.class, () -> read(yaml.replace("#", "\n")));
    assertEquals(folder.resolve("plan.yaml") + " " + message, e.getMessage());
  }

  @Test
  void read_tooLarge_isRefusedBeforeItIsParsed() {
    ImportException e = assertThrows(ImportException.class, () -> read("models: " + "x".repeat(70_000)));
    assertEquals(folder.resolve("plan.yaml") + " has 70008 bytes; a plan has at most 65536", e.getMessage());
  }

  @Test
  void read_noSuchFile_isAnError() {
    Path none = folder.resolve("none.yaml");
    ImportException e = assertThrows(ImportException.class, () -> NightlyPlan.read(none));
    assertEquals(none + " is no file; a plan is one, such as docs/nightly.md shows", e.getMessage());
  }

  @Test
  void read_noRunsNamed_isAnError() {
    ImportException e = assertThrows(ImportException.class, () -> read("models: m\n"));
    assertEquals(folder.resolve("plan.yaml") + ": it names no runs: give 'store' and 'logs', or 'history'", e.getMessage());
  }
}
