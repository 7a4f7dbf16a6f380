package io.stopcast.datasets.control;

import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.network.Optimizer;
import io.stopcast.datasets.table.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Learns a policy by its gradient, and beside it a critic: what return to expect from what is seen.
 *
 * <p>The learners differ only in when they learn and how far they trust the critic. The advantage of an action is
 * estimated by [3], with its trace's decay:
 *
 * <ul>
 *   <li>{@code reinforce} [1]: after whole episodes, by decay 1: the return that came, less the critic's guess as
 *       baseline;
 *   <li>{@code actor-critic} [2]: after a few steps, wherever in an episode that is, by decay 1: their rewards and the
 *       critic's guess of what is still to come. A segment of a single step is the one-step actor-critic;
 *   <li>{@code gae} [3]: after whole episodes, by a decay in between.
 * </ul>
 *
 * <p>As everybody does, they leave out the discount by which a state's gradient would have to be weighted. An episode
 * that is cut off at its longest counts as one that ended.
 *
 * <p>Sources: [1] Williams, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement
 * Learning", 1992. [2] Sutton and Barto, "Reinforcement Learning: An Introduction", 2nd edition, 2018, sections 13.4
 * and 13.5. [3] Schulman et al., "High-Dimensional Continuous Control Using Generalized Advantage Estimation", 2016.
 */
final class Learner {
  private final World world;
  private final Network policy;
  private final Network critic;
  private final Optimizer policyOptimizer;
  private final Optimizer criticOptimizer;
  private final double discount;
  private final double decay;
  private final double entropyBonus;
  private final double criticRate;
  private final double clip;
  private final boolean normalizes;
  private final int batchEpisodes;
  private final int batchSteps;
  private final Random random;
  private final List<Moment> batch = new ArrayList<>();
  private int episodesInBatch;

  Learner(World world, Settings settings, int seed) {
    this.world = world;
    int hidden = settings.whole("hidden_units");
    policy = new Network(world.width(), hidden, world.actions(), Seeds.random(seed, "policy"));
    critic = new Network(world.width(), hidden, 1, Seeds.random(seed, "critic"));
    policyOptimizer = optimizer(settings, policy);
    criticOptimizer = optimizer(settings, critic);
    discount = settings.real("discount");
    decay = settings.real("trace_decay");
    entropyBonus = settings.real("entropy_bonus");
    criticRate = settings.real("critic_rate");
    clip = settings.real("clip");
    normalizes = settings.text("advantages").equals("normalized");
    batchEpisodes = settings.whole("batch_episodes");
    batchSteps = settings.whole("batch_steps");
    random = Seeds.random(seed, "training episodes");
  }

  private static Optimizer optimizer(Settings settings, Network network) {
    return new Optimizer(settings.text("optimizer"), 0, 0.999, network.weights().length);
  }

  /** A step of an episode; {@code last} if the episode was over after it. */
  private record Moment(
      Network.Answer logits, Choice choice, int action, Network.Answer guess, double reward, boolean last) {
    double value() {
      return guess.output()[0];
    }
  }

  Network policy() {
    return policy;
  }

  /** False once a weight is NaN or infinite, from which none recovers. */
  boolean isFinite() {
    return policy.isFinite() && critic.isFinite();
  }

  /** Plays some episodes and learns from them. A learner that is no longer finite still plays, but learns nothing. */
  Progress train(int episodes, double rate) {
    Progress progress = new Progress();
    for (int i = 0; i < episodes; i++) {
      play(rate, progress);
    }
    return progress;
  }

  private void play(double rate, Progress progress) {
    World.Episode episode = world.start(random);
    Network.Answer logits = policy.answer(episode.observe());
    double sum = 0;
    boolean over = false;
    while (!over) {
      Choice choice = Choice.ofLogits(logits.output());
      Network.Answer guess = critic.answer(logits.input());
      int action = choice.draw(random);
      double reward = episode.act(action);
      over = episode.isOver();
      batch.add(new Moment(logits, choice, action, guess, world.rewardScale() * reward, over));
      sum += reward;
      double[] seen = over ? null : episode.observe();
      episodesInBatch += over ? 1 : 0;
      if (batchSteps > 0 ? batch.size() == batchSteps : episodesInBatch == batchEpisodes) {
        learn(over ? 0 : critic.answer(seen).output()[0], rate, progress);
        batch.clear();
        episodesInBatch = 0;
      }
      if (!over) {
        logits = policy.answer(seen);
      }
      progress.steps++;
    }
    progress.episodes++;
    progress.returns += sum;
  }

  /**
   * One step of both optimisers.
   *
   * @param ahead what the critic expects after the last moment
   */
  private void learn(double ahead, double rate, Progress progress) {
    if (!isFinite()) {
      return;
    }
    int count = batch.size();
    double[] advantages = advantages(ahead);
    double[] errors = advantages.clone(); // by how much the critic's guesses fall short
    if (normalizes && count > 1) {
      normalize(advantages);
    }
    double[] policyGradient = new double[policy.weights().length];
    double[] criticGradient = new double[critic.weights().length];
    double loss = 0;
    double entropy = 0;
    for (int i = 0; i < count; i++) {
      Moment moment = batch.get(i);
      double[] byLogits = moment.choice.gradient(moment.action, advantages[i], entropyBonus);
      for (int j = 0; j < byLogits.length; j++) {
        byLogits[j] /= count;
      }
      policy.addGradient(moment.logits, byLogits, policyGradient);
      critic.addGradient(moment.guess, new double[] {-errors[i] / count}, criticGradient);
      loss += moment.choice.loss(moment.action, advantages[i], entropyBonus) + errors[i] * errors[i] / 2;
      entropy += moment.choice.entropy();
    }
    progress.update(count, loss, entropy, norm(policyGradient, criticGradient));
    clip(policyGradient);
    clip(criticGradient);
    policyOptimizer.step(policy.weights(), policyGradient, rate);
    criticOptimizer.step(critic.weights(), criticGradient, rate * criticRate);
  }

  private double[] advantages(double ahead) {
    double[] advantages = new double[batch.size()];
    double next = ahead;
    double trace = 0;
    for (int i = advantages.length - 1; i >= 0; i--) {
      Moment moment = batch.get(i);
      if (moment.last) {
        next = 0;
        trace = 0;
      }
      trace = moment.reward + discount * next - moment.value() + discount * decay * trace;
      advantages[i] = trace;
      next = moment.value();
    }
    return advantages;
  }

  /** To mean 0 and deviation 1. */
  private static void normalize(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    for (int i = 0; i < values.length; i++) {
      values[i] -= mean;
    }
    double deviation = Math.sqrt(Network.squares(values) / values.length) + 1e-8;
    for (int i = 0; i < values.length; i++) {
      values[i] /= deviation;
    }
  }

  private static double norm(double[] one, double[] other) {
    return Math.sqrt(Network.squares(one) + Network.squares(other));
  }

  private void clip(double[] gradient) {
    double norm = Math.sqrt(Network.squares(gradient));
    if (clip > 0 && norm > clip) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= clip / norm;
      }
    }
  }

  /** What happened while a learner trained. Its means are NaN where there was nothing to take them of. */
  static final class Progress {
    private int episodes;
    private long steps;
    private double returns;
    private int updates;
    private double norms;
    private long learntFrom;
    private double losses;
    private double entropies;

    private void update(int count, double loss, double entropy, double norm) {
      updates++;
      norms += norm;
      learntFrom += count;
      losses += loss;
      entropies += entropy;
    }

    long steps() {
      return steps;
    }

    double meanReturn() {
      return returns / episodes;
    }

    double meanLoss() {
      return losses / learntFrom;
    }

    double meanEntropy() {
      return entropies / learntFrom;
    }

    /** Of both networks' gradients together, before they are clipped. */
    double meanGradientNorm() {
      return norms / updates;
    }
  }
}
