package io.stopcast.report;

import io.stopcast.history.History;
import io.stopcast.replay.Baselines;
import io.stopcast.replay.Folds;
import io.stopcast.replay.Learner;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.RecordedRuns;
import io.stopcast.replay.Results;
import io.stopcast.replay.RuleReplays;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.run.End;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import io.stopcast.train.LearnedRecipe;
import io.stopcast.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Small evaluations by the real protocol, of runs whose names mean harm. For tests only. */
final class Evaluations {
  /** What strangers may call a task, a run, a metric, a source. */
  static final List<String> HOSTILE =
      List.of(
          "</script><script>document.title='owned'</script>",
          "<img src=x onerror=\"document.title='owned'\">",
          "\"><svg onload=alert(1)>",
          "'-alert(1)-'",
          "]]><!--<script>",
          "&lt;b&gt;&amp;&#x27;",
          "javascript:alert(1)",
          "\u202Eevil\u2066\u0000\u0007\u001b[31m",
          "{{7*7}}${7*7}<%= 7*7 %>",
          "=HYPERLINK(\"http://evil.example\")",
          "a\u2028b\u2029c\\\"\\u003c/script>",
          "x".repeat(300));

  private static final Recipe SMALL = new Recipe(20, 4, 0.2, 0.6, 0.4, 5, 5, 24, Integer.MAX_VALUE, 0.3, 0, 0, 40, 10, 0, 2, 0.5, 0.5, 7);

  private Evaluations() {}

  /** As many tasks as there are hostile names, each name also that of a run, a metric, a source and a parameter. */
  static List<Run> hostileRuns() {
    List<Run> runs = new ArrayList<>();
    List<Run> tame = RecordedRuns.history(HOSTILE.size(), 8, 3);
    for (int i = 0; i < tame.size(); i++) {
      Run run = tame.get(i);
      String name = HOSTILE.get(i / 8);
      String metric = "m" + name;
      List<Step> steps = new ArrayList<>();
      run.steps().forEach(step -> steps.add(Step.of(step.index(), step.cost(), metric, step.value("m"))));
      runs.add(
          new Run(
              new RunContext(
                  i / 8 % 2 == 0 ? "s" + HOSTILE.get(0) : "s" + HOSTILE.get(1),
                  "t" + name,
                  name + i,
                  Objective.maximize(metric),
                  run.context().horizon(),
                  "c" + name,
                  Map.of("family", "f" + name, "number", i)),
              steps,
              i == 5 ? End.ABORTED : End.COMPLETED));
    }
    return runs;
  }

  static Learner small() {
    return new LearnedRecipe(SMALL).expecting().remembering();
  }

  static Evaluation of(List<Run> all, Learner learner, List<Split> splits, List<Promise> promises) {
    List<ScoredRun> runs = ScoredRun.of(all);
    Protocol protocol = new Protocol(List.of(.1, 1.5), 2, 5);
    RuleReplays rules = RuleReplays.of(Baselines.families().subList(0, 3), runs, ShownHorizon.PLANNED, () -> {});
    List<Evaluation.Judged> judged = new ArrayList<>();
    for (Split split : splits) {
      Folds folds = split.folds(runs, protocol.folds(), protocol.seed());
      Results results = protocol.judge(split, folds, List.of(rules), learner, () -> {}).get(0);
      judged.add(new Evaluation.Judged(results, folds.turns(), learner));
    }
    SortedMap<Integer, Results> curve = new TreeMap<>(Map.of(4, judged.get(0).results()));
    return new Evaluation(
        "0.0.0-test",
        new History(all, List.of("line 3: cut off"), "ab".repeat(32)),
        runs,
        0,
        protocol,
        judged,
        List.of(curve),
        Optional.empty(),
        Optional.empty(),
        promises);
  }
}
