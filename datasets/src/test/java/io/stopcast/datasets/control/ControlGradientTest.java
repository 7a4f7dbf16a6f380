package io.stopcast.datasets.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What learning rests on: gradients, choices and optimisers. */
class ControlGradientTest {
  @ParameterizedTest(name = "{0} hidden units")
  @ValueSource(ints = {0, 1, 7})
  void addGradient_policyLoss_agreesWithFiniteDifferences(int hidden) {
    Random random = new Random(hidden);
    Network policy = new Network(3, hidden, 4, random);
    double[] weights = policy.weights();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextGaussian();
    }
    double[] input = {0.5, 0, -1.5};
    int action = 2;
    double advantage = -1.3;
    double bonus = 0.4;

    Network.Answer answer = policy.answer(input);
    double[] gradient = new double[weights.length];
    policy.addGradient(answer, Choice.ofLogits(answer.output()).gradient(action, advantage, bonus), gradient);

    double small = 1e-6;
    for (int i = 0; i < weights.length; i++) {
      double weight = weights[i];
      weights[i] = weight + small;
      double above = Choice.ofLogits(policy.answer(input).output()).loss(action, advantage, bonus);
      weights[i] = weight - small;
      double below = Choice.ofLogits(policy.answer(input).output()).loss(action, advantage, bonus);
      weights[i] = weight;
      assertEquals((above - below) / (2 * small), gradient[i], 1e-7, "weight " + i);
    }
  }

  @Test
  void gradient_actionsThatAreImpossible_staysFinite() {
    Choice sure = Choice.ofLogits(new double[] {1000, 0});

    assertArrayEquals(new double[] {1, 0}, sure.probabilities());
    assertEquals(0, sure.entropy());
    assertArrayEquals(new double[] {1, -1}, sure.gradient(1, 1, 0.1));
    assertTrue(Double.isFinite(sure.loss(1, 1, 0.1)));
  }

  @Test
  void draw_manyTimes_isAsLikelyAsTheSoftmax() {
    Choice choice = Choice.ofLogits(new double[] {0, StrictMath.log(2), 0});
    Random random = new Random(5);
    int[] counts = new int[3];
    for (int i = 0; i < 10_000; i++) {
      counts[choice.draw(random)]++;
    }
    assertEquals(1, choice.best());
    assertArrayEquals(new double[] {0.25, 0.5, 0.25}, choice.probabilities(), 1e-12);
    assertEquals(0.5, counts[1] / 10_000.0, 0.02);
    assertEquals(0.25, counts[0] / 10_000.0, 0.02);
  }
}
