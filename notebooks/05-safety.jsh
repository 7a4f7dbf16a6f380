// # The price of safety
// How much may be saved if few runs may be harmed? A run is *harmed* if its stop gives up more than 2 % of what its task has to gain. A promise
// such as "at most one run in ten" is kept by a stricter threshold; here it is chosen on runs that the model has not seen, with an exact
// bound, and then looked at on others. Tasks are in one of three parts: learn, choose, check.
double price = 0.3;
double harm = 0.02;
double confidence = 0.95;
List<ScoredRun> runs = some(scored(load()), 210, 3);
int[] part = Split.UNSEEN_TASK.assign(runs, 3, 1);
List<ScoredRun> learn = Split.select(runs, part, 0, true);
List<ScoredRun> choose = Split.select(runs, part, 1, true);
List<ScoredRun> check = Split.select(runs, part, 2, true);
for (List<ScoredRun> some : List.of(learn, choose, check)) {
  say("%d runs of %d tasks", some.size(), some.stream().map(ScoredRun::task).distinct().count());
}
LearnedPolicy policy = (LearnedPolicy) new LearnedRecipe(Recipe.standard(2000)).fit(learn, new double[] {price}).policies().get(0);

//--- CELL ---
// ## Where each threshold would stop each run
// Scores are taken once, at every point; a threshold stops where the score first reaches it.
double[] scores(ScoredRun run) {
  StopPolicy.Watch watch = policy.watch(run.run().context());
  double[] scores = new double[run.length()];
  int t = 0;
  for (Step step : run.run().steps()) {
    watch.observe(step);
    if (run.run().context().objective().isReportedBy(step)) {
      scores[t++] = watch.score();
    }
  }
  return scores;
}
Map<ScoredRun, double[]> scored = new IdentityHashMap<>();
Stream.of(choose, check).flatMap(List::stream).forEach(run -> scored.put(run, scores(run)));
int stop(ScoredRun run, double threshold) {
  double[] scores = scored.get(run);
  for (int t = 0; t < scores.length - 1; t++) {
    if (scores[t] >= threshold) {
      return t;
    }
  }
  return scores.length - 1;
}
boolean harmed(ScoredRun run, double threshold) {
  return run.hindsight().regret()[stop(run, threshold)] > harm;
}
double saved(List<ScoredRun> of, double threshold) {
  return of.stream().mapToDouble(run -> 1 - run.hindsight().share()[stop(run, threshold)]).average().orElseThrow();
}

//--- CELL ---
// ## The exact bound
// Clopper and Pearson (1934): of n independent runs k were harmed; the largest probability of harm at which so few are still seen in one of
// twenty tries. Runs of one task are alike, so each task counts with one run.
double atMost(int k, int n, double p) {
  double term = Math.pow(1 - p, n);
  double sum = term;
  for (int i = 0; i < k; i++) {
    term *= (double) (n - i) / (i + 1) * p / (1 - p);
    sum += term;
  }
  return sum;
}
double bound(int k, int n) {
  double low = (double) k / n;
  double high = 1;
  for (int i = 0; i < 60 && k < n; i++) {
    double middle = (low + high) / 2;
    if (atMost(k, n, middle) > 1 - confidence) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}
say("none of 66 harmed: at most %.3f; 3 of 66: at most %.3f", bound(0, 66), bound(3, 66));

//--- CELL ---
// ## Promise against savings
// From the strictest threshold on, one after the other, as long as the bound keeps the promise: a fixed order needs no correction for trying
// many (Angelopoulos et al., "Learn then Test", 2021).
Map<TaskId, ScoredRun> first = new TreeMap<>();
choose.forEach(run -> first.putIfAbsent(run.task(), run));
List<ScoredRun> one = List.copyOf(first.values());
double[] thresholds = IntStream.rangeClosed(0, 80).mapToDouble(i -> 1 / (1 + Math.exp(-(7 - 0.1 * i)))).toArray();
var promises = table("promise", "threshold", "harmed", "bound", "saved", "checked: harmed", "checked: saved");
List<Double> xs = new ArrayList<>();
List<Double> ys = new ArrayList<>();
for (double promise : new double[] {0.05, 0.1, 0.15, 0.2, 0.3, 0.4}) {
  double kept = Double.NaN;
  for (double threshold : thresholds) {
    int k = (int) one.stream().filter(run -> harmed(run, threshold)).count();
    if (bound(k, one.size()) > promise) {
      break;
    }
    kept = threshold;
  }
  if (Double.isNaN(kept)) {
    promises.row("%.0f %%".formatted(100 * promise), "none", "-", "-", "-", "-", "-");
    continue;
  }
  double threshold = kept;
  int k = (int) one.stream().filter(run -> harmed(run, threshold)).count();
  double wrong = check.stream().filter(run -> harmed(run, threshold)).count() / (double) check.size();
  promises.row("%.0f %%".formatted(100 * promise), threshold, k + " of " + one.size(), bound(k, one.size()), "%.1f %%".formatted(100 * saved(one, threshold)),
      "%.1f %%".formatted(100 * wrong), "%.1f %%".formatted(100 * saved(check, threshold)));
  xs.add(promise);
  ys.add(saved(check, threshold));
}
promises.print();
double mine = policy.thresholdFor(check.get(0).run().context());
say("the model's own threshold for price %s, %.3f, promises nothing: it harms %.1f %% and saves %.1f %%", price, mine,
    100.0 * check.stream().filter(run -> harmed(run, mine)).count() / check.size(), 100 * saved(check, mine));
plot("05-safety",
    Chart.of("The price of safety", "promise: runs harmed, at most", "saved on checked runs")
        .dots("", xs.stream().mapToDouble(x -> x).toArray(), ys.stream().mapToDouble(y -> y).toArray()),
    Chart.of("As the threshold moves, checked runs", "share of runs harmed", "saved")
        .line("learned", Arrays.stream(thresholds).map(h -> check.stream().filter(run -> harmed(run, h)).count() / (double) check.size()).toArray(),
            Arrays.stream(thresholds).map(h -> saved(check, h)).toArray()));

//--- CELL ---
// ## What the promise means
// It is about a new task like these, one run of it, and one draw in twenty may break it. It says nothing of tasks unlike them, of the worst case, or
// of a run that is harmed by far more than 2 %.
