package io.stopcast.datasets.deep;

import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Questions whose answer is a sequence.
 *
 * @param name such as {@code reverse}
 * @param alphabet all characters of prompts and answers
 * @param promptLength the longest prompt's length
 * @param answerLength the longest answer's length
 * @param prompts draws a prompt; the same one may come again
 * @param answers the right answer to a prompt
 */
record SequenceTask(
    String name,
    String alphabet,
    int promptLength,
    int answerLength,
    Function<Random, String> prompts,
    UnaryOperator<String> answers) {
  /** How many tokens a network sees of a problem: prompt, equals sign, and the answer but for its last. */
  int length() {
    return promptLength + answerLength;
  }

  Problem draw(Random random) {
    String prompt = prompts.apply(random);
    return new Problem(prompt, answers.apply(prompt));
  }
}
