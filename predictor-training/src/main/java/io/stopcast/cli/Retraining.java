package io.stopcast.cli;

import io.stopcast.history.History;
import io.stopcast.model.ModelFile;
import io.stopcast.model.ModelRejectedException;
import io.stopcast.nightly.Profile;
import io.stopcast.registry.Contest;
import io.stopcast.registry.Finding;
import io.stopcast.registry.Gate;
import io.stopcast.registry.ModelRegistry;
import io.stopcast.registry.RegistryWriter;
import io.stopcast.registry.RunSet;
import io.stopcast.replay.Part;
import io.stopcast.replay.Protocol;
import io.stopcast.replay.Results;
import io.stopcast.replay.ScoredRun;
import io.stopcast.replay.ShownHorizon;
import io.stopcast.replay.Split;
import io.stopcast.report.Evaluation;
import io.stopcast.report.ModelCard;
import io.stopcast.report.PromiseText;
import io.stopcast.report.Report;
import io.stopcast.report.ResultsJson;
import io.stopcast.report.StoppedText;
import io.stopcast.risk.PromiseRecipe;
import io.stopcast.train.LearnedRecipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From runs to a judged, published and, if the gate lets it pass, promoted model: what {@code retrain} and {@code nightly} have in common.
 *
 * <p>Runs that were stopped, if there are any among them, are learned from and count as seen; whatever is judged, certified, compared or profiled is
 * what ended by itself.
 *
 * @param protocol how it is judged
 * @param splits what is held out to judge the recipe
 * @param alone whether the shipped runs of other tasks are left out
 * @param promise what the model is to promise; empty for nothing
 */
record Retraining(
    Protocol protocol,
    List<Split> splits,
    boolean alone,
    GateRules gate,
    Optional<PromiseRecipe> promise,
    PrintWriter text,
    PrintWriter err) {

  /**
   * What came out.
   *
   * @param metrics as they were published
   * @param findings of the gate
   */
  record Outcome(String version, ModelFile model, Map<String, Object> metrics, List<Finding> findings) {
    Optional<String> objection() {
      return Finding.objection(findings);
    }
  }

  double[] prices() {
    return protocol.prices().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The runs that may be learned from. */
  List<ScoredRun> learnable(List<ScoredRun> runs) {
    return runs.stream().filter(run -> !gate.heldOut().holds(run)).toList();
  }

  /** How to learn from these runs: where some were stopped, with an eye to the champion, which stopped them or came after what did. */
  LearnedRecipe recipe(List<ScoredRun> learnable, ModelRegistry registry) throws IOException, ModelRejectedException {
    LearnedRecipe recipe = LearningOptions.recipe(learnable, alone);
    Optional<String> champion = registry.alias(ModelRegistry.CHAMPION);
    return champion.isEmpty() || learnable.stream().noneMatch(ScoredRun::isStopped) ? recipe : recipe.after(registry.model(champion.get()));
  }

  /**
   * Does it all.
   *
   * @param runs those that are held out from learning among them
   * @param history where they come from
   * @param reason why it is done, for the history of the registry
   */
  Outcome run(List<ScoredRun> runs, History history, ModelRegistry registry, String reason)
      throws IOException, ModelRejectedException {
    String historySha256 = history.sha256();
    List<ScoredRun> learnable = learnable(runs);
    List<ScoredRun> complete = ScoredRun.complete(learnable);
    LearnedRecipe recipe = recipe(learnable, registry);
    Judging judging =
        new Judging(protocol, splits, learnable, Part.ALL, List.of(ShownHorizon.PLANNED), recipe.expecting(), false, text, err);
    List<Results> judged = judging.splits();
    Map<String, String> metadata = Map.of(ModelFile.HISTORY_SHA256, historySha256);
    PromiseRecipe.Promised trained =
        promise.isPresent()
            ? promise.get().train(recipe, learnable, prices(), metadata)
            : PromiseRecipe.nothing(recipe, learnable, prices(), metadata);
    ModelFile model = trained.model();
    text.print(PromiseText.of(trained));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("history_sha256", historySha256);
    metrics.put("runs", complete.size());
    metrics.putAll(StoppedText.json(learnable));
    if (learnable.size() < runs.size()) {
      metrics.put("held_out_runs", runs.size() - learnable.size());
      metrics.put("held_out_one_in", gate.heldOut().oneIn());
    }
    metrics.put("further_runs", recipe.furtherRuns());
    metrics.put("results", judged.stream().flatMap(r -> ResultsJson.of(r).stream()).toList());
    metrics.put("promises", PromiseText.json(trained));
    metrics.put("probabilities", trained.probabilities());
    String card = ModelCard.of(trained, historySha256, learnable, recipe.furtherRuns(), judged);
    Map<String, byte[]> more = new LinkedHashMap<>();
    more.put(RunSet.FILE, RunSet.of(learnable).and(RunSet.of(recipe.further())).format());
    more.put(Profile.FILE, Profile.of(model, complete, middlePrice()).format());
    if (!judged.isEmpty()) {
      more.put(ModelRegistry.REPORT, report(history, complete, recipe.furtherRuns(), judging, judged, new Evaluation.Published(model, Optional.of(card))));
    }

    try (RegistryWriter writer = registry.writer()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("runs", complete.size());
      figures.put("history_sha256", historySha256);
      String version = writer.publish(model, card, metrics, more, reason, figures);
      ModelFile loaded = registry.model(version);
      List<Finding> findings = new ArrayList<>();
      findings.add(Gate.scorers(VerifyCommand.verify(loaded)));
      findings.add(Finding.of("held-out runs", Gate.objection(judged)));
      if (gate.harm() < Double.POSITIVE_INFINITY) {
        findings.add(Gate.sources(judged, gate.harm()));
      }
      findings.addAll(besideChampion(version, loaded, runs, registry, judging));
      Optional<String> objection = Finding.objection(findings);
      if (objection.isEmpty()) {
        writer.promote(version, "it passed the gate", Finding.figures(findings));
      } else {
        writer.refuse(version, objection.get(), Finding.figures(findings));
      }
      return new Outcome(version, loaded, metrics, findings);
    }
  }

  /** The same page as the verb report makes of the same judgement. */
  private static byte[] report(
      History history, List<ScoredRun> learnable, int furtherRuns, Judging judging, List<Results> judged, Evaluation.Published published) {
    Evaluation evaluation =
        new Evaluation(
            Stopcast.VERSION,
            history,
            learnable,
            furtherRuns,
            judging.protocol(),
            judging.looked(judged),
            List.of(),
            Optional.of(published),
            Optional.empty(),
            List.of());
    return Report.of(evaluation).html().getBytes(StandardCharsets.UTF_8);
  }

  double middlePrice() {
    return prices()[prices().length / 2];
  }

  /**
   * Judges both on runs that neither has seen: those that are held out from all learning, or else those that came after the champion, on which the
   * challenger is judged by models that were trained without them.
   */
  private List<Finding> besideChampion(
      String version, ModelFile challenger, List<ScoredRun> runs, ModelRegistry registry, Judging judging)
      throws IOException, ModelRejectedException {
    Optional<String> named = registry.alias(ModelRegistry.CHAMPION);
    if (named.isEmpty() || named.get().equals(version)) {
      return List.of(new Finding("champion", true, named.isEmpty() ? "there is no champion yet" : "it is the champion", Map.of()));
    }
    String champion = named.get();
    ModelFile file = registry.model(champion);
    List<Finding> findings = new ArrayList<>(List.of(Gate.promises(challenger, file)));
    findings.addAll(compared(champion, file, challenger, runs, registry, judging));
    return findings;
  }

  private List<Finding> compared(
      String champion, ModelFile file, ModelFile challenger, List<ScoredRun> runs, ModelRegistry registry, Judging judging)
      throws IOException, ModelRejectedException {
    if (!file.schema().sha256().equals(challenger.schema().sha256())) {
      return notCompared(champion, "its features are others than this program extracts");
    }
    Optional<RunSet> seen = registry.runs(champion);
    if (seen.isEmpty()) {
      return notCompared(champion, "it does not tell which runs it has learned from");
    }
    double[] prices = prices();
    List<ScoredRun> heldOut = ScoredRun.complete(runs).stream().filter(gate.heldOut()::holds).filter(run -> !seen.get().contains(run)).toList();
    Contest contest;
    List<ScoredRun> judged;
    if (heldOut.size() >= Contest.ENOUGH_RUNS) {
      judged = heldOut;
      contest =
          Contest.of(
              "on %,d runs held out from both".formatted(judged.size()),
              judged,
              prices,
              Contest.losses(challenger, judged, prices),
              Contest.losses(file, judged, prices));
    } else {
      Map<ScoredRun, double[]> losses = judging.heldOutLosses(run -> !seen.get().contains(run));
      judged = List.copyOf(losses.keySet());
      if (judged.size() < Contest.ENOUGH_RUNS) {
        return notCompared(
            champion,
            "only %d held-out runs are new to it, and only %d others, where %d are needed"
                .formatted(heldOut.size(), judged.size(), Contest.ENOUGH_RUNS));
      }
      double[][] ofChallenger = new double[prices.length][judged.size()];
      for (int p = 0; p < prices.length; p++) {
        int price = p;
        Arrays.setAll(ofChallenger[p], r -> losses.get(judged.get(r))[price]);
      }
      contest =
          Contest.of(
              "on %,d runs that are new to the champion, by models that were trained without them".formatted(judged.size()),
              judged,
              prices,
              ofChallenger,
              Contest.losses(file, judged, prices));
    }
    return Gate.beside(challenger, file, contest, judged, middlePrice(), gate.margins());
  }

  private List<Finding> notCompared(String champion, String why) {
    String says =
        "champion %s could not be compared with: %s; the recipe was judged by cross-validation beside never stopping"
            .formatted(champion, why);
    text.println(says);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("compared", false);
    figures.put("why", why);
    return List.of(new Finding("champion", true, says, figures));
  }
}
