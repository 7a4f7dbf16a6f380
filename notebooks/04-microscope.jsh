// # One run under the microscope
// What a model saw in a run, what it thought of it, and why, step by step. Put in a run's name, or leave it empty for the run at which the
// champion is most wrong. `./stopcast explain RUN` says the same in words.
String name = "";
double price = 0.1;
LearnedPolicy policy = LearnedPolicy.of(model("champion"), price);
List<ScoredRun> runs = scored(load());
double excess(ScoredRun run) {
  int stop = Replay.of(policy, run.run()).point();
  return run.hindsight().loss(stop, price) - run.hindsight().loss(run.hindsight().oracle(price), price);
}
ScoredRun chosen = name.isEmpty()
    ? runs.stream().max(Comparator.comparingDouble(run -> excess(run))).orElseThrow()
    : runs.stream().filter(run -> (run.task().task() + "/" + run.run().context().run()).equals(name)).findFirst().orElseThrow(
        () -> new IllegalArgumentException("no run is called '" + name + "'; a name is TASK/RUN, as in " + runs.get(0).task().task()
            + "/" + runs.get(0).run().context().run()));
RunContext context = chosen.run().context();
say("run %s of %s: %d points of %s, ended %s", context.run(), context.task(), chosen.length(), context.objective().metric(), chosen.run().end().word());
say("(the champion learned from the shipped runs: on those it looks better than on yours)");

//--- CELL ---
// ## What it thought, point by point
// A watch goes on after a stop if nobody listens. P: that stopping is right, calibrated. Gain: what is still expected.
record Look(int point, long step, double value, double score, double probability, double gain, boolean stop, Optional<Attribution> why, String reason) {}
List<Look> looks = new ArrayList<>();
StopPolicy.Watch watch = policy.watch(context);
for (Step step : chosen.run().steps()) {
  Decision decision = watch.observe(step);
  if (context.objective().isReportedBy(step)) {
    Optional<Outlook> outlook = watch.outlook();
    looks.add(new Look(looks.size(), step.index(), step.value(context.objective().metric()), watch.score(),
        outlook.map(Outlook::probability).orElse(Double.NaN), outlook.map(Outlook::gain).orElse(Double.NaN), decision.isStop(),
        watch.attribution(), decision instanceof Decision.Stop stop ? stop.reason() : ""));
  }
}
double threshold = policy.thresholdFor(context);
int stop = looks.stream().filter(Look::stop).mapToInt(Look::point).findFirst().orElse(looks.size() - 1);
int oracle = chosen.hindsight().oracle(price);
var steps = table("step", "value", "score", "threshold", "P", "gain", "");
for (int t = Math.max(0, stop - 6); t < Math.min(looks.size(), stop + 4); t++) {
  Look look = looks.get(t);
  steps.row(look.step(), look.value(), look.score(), threshold, look.probability(), look.gain(), t == stop && look.stop() ? "STOP" : look.stop() ? "stop" : "");
}
steps.print();
say("reason: %s", looks.get(stop).stop() ? looks.get(stop).reason() : "it never stopped");

//--- CELL ---
// ## Which features pushed it
// Shapley values in log-odds at the stop; what is positive speaks for stopping. `docs/how-it-works.md` says what the features are.
Attribution why = looks.get(stop).why().orElseThrow();
List<Integer> order = IntStream.range(0, why.parts().length).boxed().sorted(Comparator.comparing(i -> -Math.abs(why.parts()[i]))).limit(12).toList();
var features = table("feature", "value", "pushes by", "towards");
order.forEach(i -> features.row(why.schema().names().get(i), (double) why.features()[i], Math.abs(why.parts()[i]), why.parts()[i] > 0 ? "stopping" : "going on"));
features.print();
say("mean of all rows %.3f, with all pushes %.3f: a score of %.3f", why.base(), why.margin(), 1 / (1 + Math.exp(-why.margin())));

//--- CELL ---
// ## In hindsight
Objective objective = context.objective();
double[] bests = Arrays.stream(chosen.curve().best()).map(objective::gain).toArray();
var hindsight = table("stop", "step", "best value", "saved", "regret", "loss");
Map<String, Integer> stops = new LinkedHashMap<>();
stops.put("the model's", stop);
stops.put("patience 10", Replay.of(new Patience(10), chosen.run()).point());
stops.put("hindsight's", oracle);
stops.put("never", chosen.length() - 1);
stops.forEach((who, t) -> hindsight.row(who, looks.get(t).step(), bests[t], "%.1f %%".formatted(100 * (1 - chosen.hindsight().share()[t])),
    chosen.hindsight().regret()[t], chosen.hindsight().loss(t, price)));
hindsight.print();
double[] at = looks.stream().mapToDouble(Look::step).toArray();
double[] line = new double[at.length];
Arrays.fill(line, threshold);
plot("04-microscope",
    Chart.of(context.task() + ", run " + context.run(), "step", objective.metric())
        .line("value", at, looks.stream().mapToDouble(Look::value).toArray())
        .mark("stop", at[stop], bests[stop])
        .mark("hindsight", at[oracle], bests[oracle]),
    Chart.of("What the model thought of it", "step", "score")
        .line("score", at, looks.stream().mapToDouble(Look::score).toArray())
        .line("threshold", at, line)
        .line("P(stopping is right)", at, looks.stream().mapToDouble(Look::probability).toArray()));
