// # Your history at a glance
// What there is to learn from, how runs end, and how much of them comes after their best value: that is what stopping may save.
// Run it on your own runs: `./stopcast notebook notebooks/01-history.jsh --history history`.
History history = load();
List<ScoredRun> runs = scored(history);
say("%,d runs of %,d tasks, %,d of them can be scored", history.runs().size(),
    history.runs().stream().map(TaskId::of).distinct().count(), runs.size());

//--- CELL ---
// ## How runs ended
// Only runs that ended by themselves show what stopping would have lost; the others are not scored.
Map<Usability, Long> usable = new TreeMap<>();
history.runs().forEach(run -> usable.merge(Usability.of(run), 1L, Long::sum));
var ends = table("runs", "what they are good for");
usable.forEach((usability, count) -> ends.row(count, usability.reason()));
ends.print();

//--- CELL ---
// ## The ten tasks with most runs
// *To gain* is the task's scale: its best value, less the median first one. *Spread*: of the runs' own best values, in units of it.
Map<TaskId, List<ScoredRun>> byTask = new TreeMap<>();
runs.forEach(run -> byTask.computeIfAbsent(run.task(), task -> new ArrayList<>()).add(run));
TaskScales scales = TaskScales.of(history.runs());
double quantile(double[] values, double q) {
  double[] sorted = values.clone();
  Arrays.sort(sorted);
  return sorted[(int) Math.round(q * (sorted.length - 1))];
}
var tasks = table("task", "runs", "points", "metric", "to gain", "spread");
byTask.entrySet().stream()
    .sorted(Comparator.comparing(task -> -task.getValue().size()))
    .limit(10)
    .forEach(task -> {
      double[] bests = task.getValue().stream().mapToDouble(run -> run.curve().finalBest()).toArray();
      double scale = scales.of(task.getKey());
      tasks.row(task.getKey().task(), bests.length,
          (int) quantile(task.getValue().stream().mapToDouble(ScoredRun::length).toArray(), 0.5),
          task.getValue().get(0).run().context().objective().metric(), scale,
          scale > 0 ? (quantile(bests, 0.9) - quantile(bests, 0.1)) / scale : Double.NaN);
    });
tasks.print();

//--- CELL ---
// ## Where the best value lies
// The share of its compute that a run had spent when it reached its best value. What comes behind it was spent for nothing.
double shareAtBest(ScoredRun run) {
  double[] best = run.curve().best();
  int t = 0;
  while (best[t] != run.curve().finalBest()) {
    t++;
  }
  return run.hindsight().share()[t];
}
double[] atBest = runs.stream().mapToDouble(run -> shareAtBest(run)).sorted().toArray();
var where = table("of the runs", "have their best value by");
for (double q : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
  where.row("%.0f %%".formatted(100 * q), "%.0f %% of their compute".formatted(100 * quantile(atBest, q)));
}
where.print();
double[] ranks = IntStream.rangeClosed(1, atBest.length).mapToDouble(i -> (double) i / atBest.length).toArray();
plot("01-where-the-best-lies", Chart.of("Runs that have their best value", "share of the run's compute", "share of the runs").steps("", atBest, ranks));

//--- CELL ---
// ## How much there is to save
// With hindsight: each run stopped where it costs least, at three prices of compute. The price says what a whole run's compute is worth, in
// units of what the task has to gain. Nobody reaches that; it is the most that any rule could do. Every task weighs the same.
double meanOverTasks(ToDoubleFunction<ScoredRun> value) {
  return byTask.values().stream().mapToDouble(of -> of.stream().mapToDouble(value).average().orElseThrow()).average().orElseThrow();
}
var saved = table("price", "saved", "regret", "loss", "loss of never stopping");
for (double price : new double[] {0.03, 0.1, 0.3}) {
  saved.row(price,
      "%.1f %%".formatted(100 * meanOverTasks(run -> 1 - run.hindsight().share()[run.hindsight().oracle(price)])),
      meanOverTasks(run -> run.hindsight().regret()[run.hindsight().oracle(price)]),
      meanOverTasks(run -> run.hindsight().loss(run.hindsight().oracle(price), price)),
      price);
}
saved.print();

//--- CELL ---
// ## Some curves
// Of the three tasks with most runs, eight runs each: the best value so far over the share of the compute.
Chart curves(TaskId task, List<ScoredRun> of) {
  Objective objective = of.get(0).run().context().objective();
  Chart chart = Chart.of(task.task(), "share of the run's compute", "best " + objective.metric());
  for (ScoredRun run : of.subList(0, Math.min(8, of.size()))) {
    chart = chart.steps("", run.hindsight().share(), Arrays.stream(run.curve().best()).map(objective::gain).toArray());
  }
  return chart;
}
plot("01-curves", byTask.entrySet().stream()
    .sorted(Comparator.comparing(task -> -task.getValue().size()))
    .limit(3)
    .map(task -> curves(task.getKey(), task.getValue()))
    .toArray(Chart[]::new));
