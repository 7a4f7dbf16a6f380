// # Train and judge a predictor
// What `./stopcast evaluate` and `./stopcast retrain` do, in miniature: some of the runs, so that it takes seconds. Numbers from so few
// runs say little; take more tasks and runs for an answer.
List<ScoredRun> runs = some(scored(load()), 32, 6);
double[] prices = {0.1};
// Fifty points of each run, as for a history of two thousand runs.
LearnedRecipe recipe = new LearnedRecipe(Recipe.standard(2000));
say("%,d runs of %,d tasks", runs.size(), runs.stream().map(ScoredRun::task).distinct().count());

//--- CELL ---
// ## Judge it on runs that it has not seen
// Three folds of known tasks: a model is trained, and every rule tuned, on two of them, and both are judged on the third.
Protocol protocol = new Protocol(List.of(0.1), 3, 1);
RuleReplays rules = RuleReplays.of(Baselines.families(), runs, ShownHorizon.PLANNED, () -> {});
Folds folds = Split.KNOWN_TASK.folds(runs, 3, 1);
Results results = protocol.judge(Split.KNOWN_TASK, folds, List.of(rules), recipe, () -> {}).get(0);
String best = results.bestRule(0);
var rows = table("policy", "NRU", "saved", "regret", "stops before a later gain");
for (String policy : List.of(Results.ORACLE, Results.LEARNED, best, Results.TUNED_RULE, Results.NEVER)) {
  Results.Row row = results.row(policy, 0);
  rows.row(policy, row.nru(), "%.1f %%".formatted(100 * row.saved()), row.regret(), "%.1f %%".formatted(100 * row.falseStops()));
}
rows.print();
Results.Comparison beside = results.compare(best, 0, 1);
say("%,d runs judged", results.runCount());
say("gap closed against '%s': %.2f [%.2f, %.2f], wins on %.0f %% of the tasks: %s", best, beside.gapClosed(), beside.low(), beside.high(),
    100 * beside.wins(), beside.isBetter() ? "better" : beside.isWorse() ? "worse" : "no difference shown");

//--- CELL ---
// ## What it saves at which regret
// The learned policy as its threshold moves: a threshold that is chosen on this curve is chosen in hindsight.
TradeOff curve = results.tradeOff(0);
plot("03-trade-off", Chart.of("Held-out runs", "mean regret", "saved")
    .dots("learned, by threshold", curve.points().stream().mapToDouble(TradeOff.Point::regret).toArray(),
        curve.points().stream().mapToDouble(TradeOff.Point::saved).toArray())
    .mark(best, results.row(best, 0).regret(), results.row(best, 0).saved())
    .mark("hindsight", results.row(Results.ORACLE, 0).regret(), results.row(Results.ORACLE, 0).saved()));
var matched = table("at a mean regret of", "learned saves", "best rule saves");
for (Results.Matched at : results.matched(0)) {
  matched.row(at.regret(), "%.1f %%".formatted(100 * at.learned()), "%.1f %%".formatted(100 * at.rule()));
}
matched.print();

//--- CELL ---
// ## Train on all, and use it
// The file is checked as any reader checks it. `./stopcast retrain` would also judge it, publish it and put it to the gate.
ModelFile file = recipe.train(runs, prices, Map.of());
LearnedPolicy policy = LearnedPolicy.of(file, 0.1);
long stopped = runs.stream().filter(run -> Replay.of(policy, run.run()).stopped()).count();
Verification check = Verification.of(file, 1000, 17);
say("%d trees, %d features; knows %d tasks; scorer and ONNX Runtime agree: %s",
    file.trees(), file.schema().size(), file.priors().tasks().size(), check.passed());
say("it stops %.0f %% of the runs that it was trained on", 100.0 * stopped / runs.size());
