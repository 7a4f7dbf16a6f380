package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.policy.ByContext;
import io.stopcast.policy.FixedShare;
import io.stopcast.policy.PolicyFile;
import io.stopcast.policy.PolicyReader;
import io.stopcast.policy.StopPolicy;
import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ContextTuningTest {
  private static final double[] PRICE = {.1};
  private static final List<Family> FAMILIES =
      List.of(new Family("share", List.of(StopPolicy.NEVER, new FixedShare(.25), new FixedShare(.5), new FixedShare(.75))));

  /** A run that leaps at first, rises slowly until a share of its plan, and then stands still. */
  private static Run until(String task, String name, double share, int planned, Map<String, Object> parameters, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Step> steps = new ArrayList<>();
    double end = planned * share - random.nextDouble();
    for (int t = 1; t <= planned; t++) {
      double value = .9 * Math.min(1, t / 2.0) + .1 * Math.min(1, t / end);
      steps.add(Step.of(t, t, "m", value + 1e-4 * random.nextDouble()));
    }
    return new Run(
        new RunContext("test", task, name, Objective.maximize("m"), Horizon.ofPoints(planned), "epochs", parameters), steps, End.COMPLETED);
  }

  /** Tasks of which each third is done after another share of the plan. */
  private static List<ScoredRun> history(int tasks, int runs) {
    List<Run> all = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      for (int i = 0; i < runs; i++) {
        double share = .25 * (1 + task % 3);
        Map<String, Object> parameters = Map.of("kind", "kind" + task % 3, "lr", 100.0 * task + i);
        all.add(until("t/data" + task, "r" + task + "-" + i, share, 40, parameters, 1000L * task + i));
      }
    }
    return ScoredRun.of(all);
  }

  private static Chosen fit(List<ScoredRun> runs, Split split, List<String> facts) {
    RuleReplays rules = RuleReplays.of(FAMILIES, runs, ShownHorizon.PLANNED, () -> {});
    return new ContextTuning(rules, split, List.of(facts)).fit(runs, PRICE);
  }

  private static StopPolicy of(Chosen chosen, ScoredRun run) {
    return ((ByContext) chosen.policies().get(0)).policyFor(run.run().context());
  }

  @Test
  void fit_tasksThatDiffer_getPoliciesOfTheirOwn() {
    List<ScoredRun> runs = history(6, 20);
    Chosen chosen = fit(runs, Split.KNOWN_TASK, List.of("source", "task"));
    for (ScoredRun run : runs) {
      double share = .25 * (1 + Character.getNumericValue(run.task().task().charAt(6)) % 3);
      assertEquals(new FixedShare(share), of(chosen, run), run.task().toString());
    }
    assertEquals(4, chosen.choices().get(0).contexts().size(), "two of six tasks have the policy of all");
  }

  /** On unseen tasks the task says nothing, and what kind of task it is, everything. */
  @Test
  void fit_kindsThatDiffer_serveUnseenTasks() {
    List<ScoredRun> runs = history(24, 4);
    RuleReplays rules = RuleReplays.of(FAMILIES, runs, ShownHorizon.PLANNED, () -> {});
    Protocol protocol = new Protocol(List.of(.1), 4, 1);
    Folds folds = Split.UNSEEN_TASK.folds(runs, 4, 1);
    Learner learner = new ContextTuning(rules, Split.UNSEEN_TASK, List.of(List.of("kind", "task")));
    Results results = protocol.judge(Split.UNSEEN_TASK, folds, List.of(rules), learner, () -> {}).get(0);
    double oracle = results.row(Results.ORACLE, 0).loss();
    assertTrue(results.row(Results.LEARNED, 0).loss() < oracle + .01, results.row(Results.LEARNED, 0) + " beside " + oracle);
    assertTrue(results.row(Results.TUNED_RULE, 0).loss() > oracle + .01, results.row(Results.TUNED_RULE, 0) + " beside " + oracle);
  }

  @Test
  void fit_tasksThatAreAlike_haveOnePolicy() {
    List<Run> all = new ArrayList<>();
    for (int task = 0; task < 6; task++) {
      for (int i = 0; i < 4; i++) {
        all.add(until("t/data" + task, "r" + task + "-" + i, .5, 40, Map.of(), 1000L * task + i));
      }
    }
    Chosen chosen = fit(ScoredRun.of(all), Split.KNOWN_TASK, List.of("task"));
    assertEquals(new PolicyChoice(0, 0, List.of(), "fixed-share(0.5 of plan)"), chosen.choices().get(0));
    assertEquals(List.of(new FixedShare(.5)), chosen.policies());
  }

  /** Whether a run is short or long decides here, and where the cut lies is found. */
  @Test
  void fit_number_isCutIntoRanges() {
    List<Run> all = new ArrayList<>();
    for (int task = 0; task < 16; task++) {
      for (int i = 0; i < 4; i++) {
        int planned = 20 + 10 * task;
        all.add(until("t/data" + task, "r" + task + "-" + i, planned < 100 ? .75 : .25, planned, Map.of(), 1000L * task + i));
      }
    }
    List<ScoredRun> runs = ScoredRun.of(all);
    Chosen chosen = fit(runs, Split.UNSEEN_TASK, List.of("planned"));
    for (ScoredRun run : runs) {
      assertEquals(new FixedShare(run.length() < 100 ? .75 : .25), of(chosen, run), "planned " + run.length());
    }
    String text = chosen.choices().get(0).file().orElseThrow().text();
    assertTrue(text.contains("    planned: 95..135\n") && text.contains("    planned: 135..\n"), text);
  }

  /** What people edit is what is judged, and any reader of YAML reads it alike. */
  @Test
  void file_isThePolicyAndYaml() {
    Chosen chosen = fit(history(6, 20), Split.KNOWN_TASK, List.of("kind", "task"));
    PolicyFile file = chosen.choices().get(0).file().orElseThrow();
    assertEquals(chosen.policies().get(0), PolicyFile.parse(file.text()).policy(new PolicyReader()));

    Map<?, ?> yaml = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(file.text());
    assertEquals(file.otherwise(), yaml.get("otherwise"));
    assertEquals("kind", yaml.get("keys"));
    List<Map<String, Object>> contexts = new ArrayList<>();
    for (PolicyFile.Context context : file.contexts()) {
      Map<String, String> when = new LinkedHashMap<>();
      context.when().forEach(one -> when.put(one.fact(), one.toString().substring(one.fact().length() + 2)));
      contexts.add(Map.of("when", when, "policy", context.policy()));
    }
    assertEquals(contexts, yaml.get("contexts"));
    assertTrue(file.text().contains("20 runs; expected loss 0."), file.text());
  }

  /** Where a learner is the best for some tasks only, it gets those. */
  @Test
  void fit_withALearner_usesItWhereItPays() {
    List<ScoredRun> runs = history(12, 20);
    RuleReplays rules =
        RuleReplays.of(List.of(new Family("share", List.of(StopPolicy.NEVER, new FixedShare(.25)))), runs, ShownHorizon.PLANNED, () -> {});
    Learner constant = (training, prices) -> () -> List.of(new FixedShare(.75));
    Chosen chosen = new ContextTuning(rules, Split.KNOWN_TASK, List.of(List.of("task"))).with(constant).fit(runs, PRICE);
    assertEquals(new FixedShare(.75), of(chosen, runs.get(runs.size() - 1)));
    assertEquals(new FixedShare(.25), of(chosen, runs.get(0)));
    String words = chosen.choices().get(0).toString();
    assertTrue(words.contains("learned(price 0.1)"), words);
  }

  @Test
  void new_unknownFact_namesThoseThatThereAre() {
    RuleReplays rules = RuleReplays.of(FAMILIES, history(3, 2), ShownHorizon.PLANNED, () -> {});
    assertEquals(
        "no run says what its 'optimzer' is; they have [cost_unit, goal, metric, planned, planned_cost, source, task] and the parameters [kind, lr]",
        assertThrows(
                IllegalArgumentException.class, () -> new ContextTuning(rules, Split.KNOWN_TASK, List.of(List.of("optimzer", "task"))))
            .getMessage());
    assertEquals(
        "contexts are told by at least one fact, and none twice, but were to be by [task, task]",
        assertThrows(IllegalArgumentException.class, () -> new ContextTuning(rules, Split.KNOWN_TASK, List.of(List.of("task", "task"))))
            .getMessage());
  }
}
