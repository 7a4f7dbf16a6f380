package io.stopcast.datasets.deep;

import ai.djl.ndarray.types.Shape;
import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.Seeds;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A task's problems, in three parts that share no prompt: a hash decides where a prompt belongs, so that problems can
 * be made without end and none that is trained on is ever asked in validation or test.
 *
 * <p>A sequence is the prompt, an equals sign and the answer. Prompts end at the same position, answers begin at the
 * same one; an answer that is shorter than the longest is ended by the token that also fills up what is left.
 */
final class Problems {
  private static final int NOTHING = 0;
  private static final int EQUALS = 1;
  private static final int FIRST_CHARACTER = 2;
  private static final int HELD_OUT = 256;
  private static final int TRIES = 40;

  /** Which problems are asked when. */
  enum Part {
    TRAINING,
    VALIDATION,
    TEST;

    static Part of(SequenceTask task, String prompt) {
      long share = Math.floorMod(Seeds.of(TableFamily.SEED, "part/" + task.name() + "/" + prompt), 100L);
      return share < 15 ? VALIDATION : share < 30 ? TEST : TRAINING;
    }
  }

  private final SequenceTask task;

  Problems(SequenceTask task) {
    this.task = task;
  }

  /** A network of this size for these problems. */
  Transformer network(int width, int layers, int heads) {
    int vocabulary = FIRST_CHARACTER + task.alphabet().length();
    return new Transformer(vocabulary, task.length(), task.promptLength(), width, layers, heads);
  }

  /** The next problem of a part. */
  Problem draw(Part part, Random random) {
    Problem problem = task.draw(random);
    while (Part.of(task, problem.prompt()) != part) {
      problem = task.draw(random);
    }
    return problem;
  }

  /** So many different problems of a part; fewer if the task has not so many, or nearly so. */
  List<Problem> draw(Part part, int count, Random random) {
    List<Problem> problems = new ArrayList<>();
    Set<String> prompts = new HashSet<>();
    for (int i = 0; i < TRIES * count && problems.size() < count; i++) {
      Problem problem = draw(part, random);
      if (prompts.add(problem.prompt())) {
        problems.add(problem);
      }
    }
    return problems;
  }

  /** The problems that all runs of the task are judged by. */
  List<Problem> heldOut(Part part) {
    return draw(part, HELD_OUT, Seeds.random(TableFamily.SEED, "held out/" + task.name() + "/" + part));
  }

  /** The share of validation problems that the most frequent answer of training problems meets. */
  double chance() {
    Map<String, Integer> counts = new HashMap<>();
    for (Problem problem : draw(Part.TRAINING, 2000, Seeds.random(TableFamily.SEED, "chance/" + task.name()))) {
      counts.merge(problem.answer(), 1, Integer::sum);
    }
    String guess =
        counts.entrySet().stream()
            .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
            .orElseThrow()
            .getKey();
    List<Problem> validation = heldOut(Part.VALIDATION);
    return (double) validation.stream().filter(problem -> problem.answer().equals(guess)).count() / validation.size();
  }

  /** Problems as tokens; the cost are the tokens but for those that fill up. */
  Batch batch(List<Problem> problems) {
    int prompt = task.promptLength();
    int answer = task.answerLength();
    int length = task.length();
    long[] tokens = new long[problems.size() * length];
    int[] targets = new int[problems.size() * answer];
    Arrays.fill(targets, Batch.UNASKED);
    long cost = 0;
    for (int i = 0; i < problems.size(); i++) {
      Problem problem = problems.get(i);
      int first = i * length + prompt - problem.prompt().length();
      for (int j = 0; j < problem.prompt().length(); j++) {
        tokens[first + j] = token(problem.prompt().charAt(j));
      }
      tokens[i * length + prompt] = EQUALS;
      int asked = Math.min(problem.answer().length() + 1, answer);
      for (int j = 0; j < asked; j++) {
        int token = j < problem.answer().length() ? token(problem.answer().charAt(j)) : NOTHING;
        targets[i * answer + j] = token;
        if (j + 1 < answer) {
          tokens[i * length + prompt + 1 + j] = token;
        }
      }
      cost += problem.prompt().length() + 1 + asked;
    }
    return new Batch(LongBuffer.wrap(tokens), new Shape(problems.size(), length), targets, cost);
  }

  private int token(char character) {
    int at = task.alphabet().indexOf(character);
    if (at < 0) {
      throw new IllegalArgumentException(
          "task '%s' should use only [%s], but has '%s'".formatted(task.name(), task.alphabet(), character));
    }
    return FIRST_CHARACTER + at;
  }
}
