// # Is my patience right?
// Patience beside all other rules, each tuned on some of your runs and judged on others, and beside hindsight. Put in what you use now:
StopPolicy mine = new Patience(10, MinDelta.ofSpan(0));
double price = 0.1;
List<ScoredRun> runs = some(scored(load()), 40, 8);
say("%,d runs of %,d tasks; price %s; mine is %s", runs.size(), runs.stream().map(ScoredRun::task).distinct().count(), price, mine);

//--- CELL ---
// ## On known tasks
// Five folds: each run is judged once, by rules tuned on the other folds, where other runs of its task are. *Mine* stands where a learned
// policy stands elsewhere. NRU is 0 for hindsight and 1 for never stopping; above 1 is worse than never.
Learner fixed = (training, prices) -> () -> Collections.nCopies(prices.length, mine);
Protocol protocol = new Protocol(List.of(price), 5, 1);
RuleReplays rules = RuleReplays.of(Baselines.families(), runs, ShownHorizon.PLANNED, () -> {});
Results results = protocol.judge(Split.KNOWN_TASK, Split.KNOWN_TASK.folds(runs, 5, 1), List.of(rules), fixed, () -> {}).get(0);
String shown(String policy) {
  return policy.equals(Results.LEARNED) ? "MINE" : policy;
}
var rows = table("policy", "NRU", "saved", "regret", "stops before a later gain");
results.policies().stream().map(policy -> results.row(policy, 0))
    .sorted(Comparator.comparingDouble(Results.Row::loss))
    .forEach(row -> rows.row(shown(row.policy()), row.nru(), "%.1f %%".formatted(100 * row.saved()), row.regret(),
        "%.1f %%".formatted(100 * row.falseStops())));
rows.print();

//--- CELL ---
// ## Is the difference more than chance?
// Paired bootstrap over tasks; an interval of the difference in loss that has 0 in it shows none.
String best = results.bestRule(0);
Results.Comparison beside = results.compare(best, 0, 1);
say("mine against '%s': loss differs by [%.4f, %.4f] at 95 %%: %s", best, beside.lossLow(), beside.lossHigh(),
    beside.isBetter() ? "mine is better" : beside.isWorse() ? "mine is worse" : "no difference shown");
say("mine loses less on %.0f %% of the tasks; worst for it is %s", 100 * beside.wins(), beside.worstTask());

//--- CELL ---
// ## Which patience would be right?
// The same runs, every setting of patience without a minimal improvement, tuned on nothing: the curve shows how flat the optimum is.
Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
runs.forEach(run -> byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run));
double mean(StopPolicy policy, ToDoubleBiFunction<ScoredRun, Integer> value) {
  return byTask.values().stream()
      .mapToDouble(of -> of.stream().mapToDouble(run -> value.applyAsDouble(run, Replay.of(policy, run.run()).point())).average().orElseThrow())
      .average().orElseThrow();
}
int[] patiences = {1, 2, 3, 5, 7, 10, 15, 20, 30, 50};
var settings = table("patience", "loss", "saved", "regret");
double[] losses = new double[patiences.length];
for (int i = 0; i < patiences.length; i++) {
  StopPolicy patience = new Patience(patiences[i], MinDelta.ofSpan(0));
  losses[i] = mean(patience, (run, t) -> run.hindsight().loss(t, price));
  settings.row(patiences[i], losses[i],
      "%.1f %%".formatted(100 * mean(patience, (run, t) -> 1 - run.hindsight().share()[t])),
      mean(patience, (run, t) -> run.hindsight().regret()[t]));
}
settings.print();
say("hindsight %.4f, never %.4f", mean(StopPolicy.NEVER, (run, t) -> run.hindsight().loss(run.hindsight().oracle(price), price)), price);
double[] oracle = new double[patiences.length];
Arrays.fill(oracle, mean(StopPolicy.NEVER, (run, t) -> run.hindsight().loss(run.hindsight().oracle(price), price)));
double[] never = new double[patiences.length];
Arrays.fill(never, price);
double[] xs = Arrays.stream(patiences).asDoubleStream().toArray();
plot("02-patience", Chart.of("Loss at price " + price, "patience, in points", "mean loss").line("patience", xs, losses).line("hindsight", xs, oracle).line("never", xs, never));
