package io.stopcast.datasets.control;

import io.stopcast.datasets.table.Seeds;
import java.util.Random;
import java.util.function.Function;

/**
 * Episodes on which policies are judged: each starts, and goes on by chance, in the same way for all of them.
 *
 * @param world where
 * @param greedy whether the most likely action is taken, or one is drawn
 * @param seed decides what happens by chance
 * @param name tells apart the episodes of one seed
 * @param episodes how many
 */
record Trials(World world, boolean greedy, long seed, String name, int episodes) {
  /**
   * How a policy did.
   *
   * @param meanReturn mean undiscounted return
   * @param success share of the episodes that reached what the world is about
   */
  record Result(double meanReturn, double success) {
    static final Result UNDEFINED = new Result(Double.NaN, Double.NaN);
  }

  Result judge(Network policy) {
    return judge(seen -> Choice.ofLogits(policy.answer(seen).output()), greedy);
  }

  /** The policy that draws each action as often as the others. */
  Result judgeChance() {
    Choice uniform = Choice.ofLogits(new double[world.actions()]);
    return judge(seen -> uniform, false);
  }

  private Result judge(Function<double[], Choice> policy, boolean best) {
    double returns = 0;
    int successes = 0;
    for (int i = 0; i < episodes; i++) {
      Random random = Seeds.random(seed, name + "/" + i);
      World.Episode episode = world.start(random);
      while (!episode.isOver()) {
        Choice choice = policy.apply(episode.observe());
        returns += episode.act(best ? choice.best() : choice.draw(random));
      }
      successes += episode.isSuccess() ? 1 : 0;
    }
    return new Result(returns / episodes, (double) successes / episodes);
  }
}
