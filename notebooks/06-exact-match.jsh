// # Exact match against tokens
// Small transformers that learn to answer in text, judged by how many answers match exactly: the metric stands at 0 for long and then leaps,
// which is what stopping rules fear. What would a model that has never seen such a run do with them?
String metric = "val_exact_match";
double price = 0.1;
List<ScoredRun> all = scored(load());
List<ScoredRun> language = all.stream().filter(run -> run.run().context().objective().metric().equals(metric)).toList();
List<ScoredRun> others = some(all.stream().filter(run -> !run.run().context().objective().metric().equals(metric)).toList(), 50, 5);
Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
language.forEach(run -> byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run));
say("%d runs of %d tasks that report %s; %d other runs to learn from", language.size(), byTask.size(), metric, others.size());

//--- CELL ---
// ## How good, for how many tokens
// Best: of all runs. Reached: tokens at which the task's best run came to 95 % of its own best value. Leap: the largest gain from one point to
// the next, as a share of what the run gained at all, median over runs: near 1, it all comes at once.
double[] exact(ScoredRun run) {
  return run.curve().best();
}
double leap(ScoredRun run) {
  double[] best = exact(run);
  double most = 0;
  for (int t = 1; t < best.length; t++) {
    most = Math.max(most, best[t] - best[t - 1]);
  }
  double gained = best[best.length - 1] - best[0];
  return gained > 0 ? most / gained : 0;
}
double median(DoubleStream values) {
  double[] sorted = values.sorted().toArray();
  return sorted[sorted.length / 2];
}
var tasks = table("task", "runs", "best", "median", "k tokens planned", "k tokens reached", "leap");
byTask.forEach((task, runs) -> {
  ScoredRun top = runs.stream().max(Comparator.comparingDouble(run -> run.curve().finalBest())).orElseThrow();
  int t = 0;
  while (exact(top)[t] < 0.95 * top.curve().finalBest()) {
    t++;
  }
  tasks.row(task.task(), runs.size(), top.curve().finalBest(), median(runs.stream().mapToDouble(run -> run.curve().finalBest())),
      (int) (median(runs.stream().mapToDouble(run -> run.curve().cost()[run.length() - 1])) / 1000), (int) (top.curve().cost()[t] / 1000),
      median(runs.stream().mapToDouble(run -> leap(run))));
});
tasks.print();

//--- CELL ---
// ## What stopping saves and loses
// The model has learned from the other runs alone; patience has been tuned on these very runs, which nobody can do beforehand.
StopPolicy learned = new LearnedRecipe(Recipe.standard(2000)).fit(others, new double[] {price}).policies().get(0);
double mean(Function<ScoredRun, Integer> stop, ToDoubleBiFunction<ScoredRun, Integer> value) {
  return byTask.values().stream().mapToDouble(of -> of.stream().mapToDouble(run -> value.applyAsDouble(run, stop.apply(run))).average().orElseThrow())
      .average().orElseThrow();
}
List<StopPolicy> patiences = Baselines.families().stream().filter(family -> family.name().equals("patience")).findFirst().orElseThrow().settings();
StopPolicy patience = patiences.stream().min(Comparator.comparingDouble(
    policy -> mean(run -> Replay.of(policy, run.run()).point(), (run, t) -> run.hindsight().loss(t, price)))).orElseThrow();
Map<String, Function<ScoredRun, Integer>> stops = new LinkedHashMap<>();
stops.put("hindsight", run -> run.hindsight().oracle(price));
stops.put("learned elsewhere", run -> Replay.of(learned, run.run()).point());
stops.put(patience.toString(), run -> Replay.of(patience, run.run()).point());
stops.put("never", run -> run.length() - 1);
var policies = table("policy", "tokens saved", "exact match lost", "runs that lose over .02", "loss");
stops.forEach((who, stop) -> policies.row(who, "%.1f %%".formatted(100 * mean(stop, (run, t) -> 1 - run.hindsight().share()[t])),
    mean(stop, (run, t) -> run.curve().finalBest() - (Double.isNaN(exact(run)[t]) ? 0 : exact(run)[t])),
    "%.1f %%".formatted(100 * mean(stop, (run, t) -> run.curve().finalBest() - exact(run)[t] > 0.02 ? 1 : 0)),
    mean(stop, (run, t) -> run.hindsight().loss(t, price))));
policies.print();

//--- CELL ---
// ## Where it was wrong
var worst = table("run", "stopped at k tokens", "of", "exact match", "would have come to");
language.stream()
    .sorted(Comparator.comparingDouble((ScoredRun run) -> exact(run)[Replay.of(learned, run.run()).point()] - run.curve().finalBest()))
    .limit(5)
    .forEach(run -> {
      int t = Replay.of(learned, run.run()).point();
      worst.row(run.task().task() + "/" + run.run().context().run(), (int) (run.curve().cost()[t] / 1000),
          (int) (run.curve().cost()[run.length() - 1] / 1000), exact(run)[t], run.curve().finalBest());
    });
worst.print();

//--- CELL ---
// ## The curves
// All runs of six tasks, and where the model would have stopped them.
Chart curves(TaskId task, List<ScoredRun> runs) {
  Chart chart = Chart.of(task.task(), "k tokens", metric);
  for (ScoredRun run : runs) {
    chart = chart.with(new Chart.Series("", Chart.Kind.STEPS, 6, Arrays.stream(run.curve().cost()).map(cost -> cost / 1000).toArray(), exact(run)));
  }
  double[] x = runs.stream().mapToDouble(run -> run.curve().cost()[Replay.of(learned, run.run()).point()] / 1000).toArray();
  double[] y = runs.stream().mapToDouble(run -> exact(run)[Replay.of(learned, run.run()).point()]).toArray();
  return chart.with(new Chart.Series("where it stops", Chart.Kind.DOTS, 1, x, y));
}
List<TaskId> names = List.copyOf(byTask.keySet());
plot("06-exact-match", IntStream.range(0, 6).mapToObj(i -> names.get(i * names.size() / 6)).map(task -> curves(task, byTask.get(task))).toArray(Chart[]::new));
