package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.HybridObjective;
import io.stopcast.run.Objective;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyReaderTest {
  /** All that the contract is tested with, and what has a second way of being written. */
  static Stream<StopPolicy> written() {
    RulesContractTest contract = new RulesContractTest();
    Stream<StopPolicy> tested =
        contract.policies().filter(p -> !(p instanceof OutOfFront || p instanceof ByContext || p instanceof Selection));
    return Stream.concat(
        tested,
        Stream.of(
            StopPolicy.NEVER,
            new Budget(1e9, 40),
            new Plateau(4, MinDelta.relative(0.01)),
            new KerasEarlyStopping(3, 0, Double.NaN, 5),
            new ReductionThreshold(Drop.relative(0.1), 1),
            new SignalLimit("train loss/x", -2e-5),
            new Patience(3).or(new FixedShare(.5)).or(new GeneralizationLoss(20)).and(new PowerLaw(.1)).notBefore(3).unlessBelow(-1)));
  }

  @ParameterizedTest
  @MethodSource("written")
  void read_whatAPolicyWrites_isThatPolicy(StopPolicy policy) {
    assertEquals(policy, new PolicyReader().read(policy.toString()));
  }

  @Test
  void read_byHand_mayBeShorter() {
    assertEquals(new Patience(10, MinDelta.ofSpan(.01)), new PolicyReader().read(" patience(10 steps, min-delta .01 of span) "));
    assertEquals(Budget.ofCost(1e9), new PolicyReader().read("budget(cost 1e9)"));
  }

  @Test
  void read_learned_asksTheModelAtItsPriceAndThreshold() {
    HandMadeModel model = new HandMadeModel();
    PolicyReader reader = new PolicyReader().with(price -> new LearnedPolicy(model, price, .4));
    assertEquals(new LearnedPolicy(model, .3, .4), reader.read("learned(price 0.3)"));
    assertEquals(new LearnedPolicy(model, .3, .6), reader.read("learned(price 0.3, threshold 0.6)"));
    assertEquals(
        new LearnedPolicy(model, .1, .4).or(new Patience(3)).notBefore(2),
        reader.read("(learned(price 0.1) or patience(3 steps)) not before point 2"));
    assertEquals(
        "'learned(price 0.3, threshold 1.5)': the threshold must be a probability within 0..1, but was 1.5",
        assertThrows(IllegalArgumentException.class, () -> reader.read("learned(price 0.3, threshold 1.5)")).getMessage());
    assertEquals(
        "'learned(price 0)': the price must be positive, such as 0.1, but was 0.0",
        assertThrows(IllegalArgumentException.class, () -> reader.read("learned(price 0)")).getMessage());
  }

  @ParameterizedTest(name = "'{0}'")
  @CsvSource(delimiter = '~', textBlock = """
      '' ~ there is no policy
      patience(10 stps) ~ 'patience(10 stps)': it is written patience(N steps[, min-delta X[ of span| of the value]]) or \
      patience(X of plan[, min-delta X[ of span| of the value]])
      patience(0 steps) ~ 'patience(0 steps)': patience must be at least 1 step, but was 0
      patience(99999999999 steps) ~ 'patience(99999999999 steps)': a number is too large
      fixed-share(1.5 of plan) ~ 'fixed-share(1.5 of plan)': the share of the plan must be above 0 and at most 1, but was 1.5
      patience(3 steps) with probability 2 of runs (seed 1) ~ 'patience(3 steps) with probability 2 of runs (seed 1)' at \
      ' with probability 2 of runs (seed 1)': the probability of carrying out a stop must be above 0 and at most 1, but was 2.0
      (never or patience(3 steps) ~ '(never or patience(3 steps)': ')' is missing; three policies are joined as ((a or b) or c)
      (never xor never) ~ '(never xor never)' at ' xor never)': between parentheses two policies are joined by 'or' or 'and'
      learned(price 0.1) ~ 'learned(price 0.1)': 'learned' needs a model, and none was given to read this with
      """)
  void read_nonsense_saysWhatAndWhere(String text, String message) {
    PolicyReader reader = new PolicyReader();
    assertEquals(message, assertThrows(IllegalArgumentException.class, () -> reader.read(text)).getMessage());
  }

  @Test
  void read_unknownRule_namesThoseThatThereAre() {
    PolicyReader reader = new PolicyReader();
    String message = assertThrows(IllegalArgumentException.class, () -> reader.read("patince(3 steps)")).getMessage();
    assertTrue(message.startsWith("'patince(3 steps)': there is no such rule; there are [never, fixed-share, patience, "), message);
    String hybrid = new Patience(3).on(HybridObjective.weightedSum(java.util.List.of(Objective.maximize("em")), 1)).toString();
    String behind = assertThrows(IllegalArgumentException.class, () -> reader.read(hybrid)).getMessage();
    assertTrue(behind.startsWith("'" + hybrid + "' at ' on sum(1.0 em)': here only not before point N, "), behind);
  }
}
