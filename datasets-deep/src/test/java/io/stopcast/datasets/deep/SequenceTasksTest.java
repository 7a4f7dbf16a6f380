package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.deep.Problems.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceTasksTest {
  static Stream<SequenceTask> tasks() {
    return SequenceTasks.ALL.stream();
  }

  @ParameterizedTest(name = "{0}: {1} = {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          copy              | abcdefghij       | abcdefghij
          reverse           | abcdefgh         | hgfedcba
          sort              | 31415926         | 11234569
          addition          | 07+85            | 092
          addition          | 99+99            | 198
          addition-reversed | 123+989          | 2111
          addition-reversed | 001+002          | 3000
          addition-3        | 123+989          | 1112
          subtraction       | 85-07            | 78
          subtraction       | 40-40            | 00
          parity            | 1011000000       | 1
          parity            | 1001000000       | 0
          brackets          | (())()((()))()() | y
          brackets          | (()))(((()))()() | n
          brackets          | )((())((()))()() | n
          closing           | ([{}             | ])
          closing           | {[()             | ]}
          roman             | 1                | I
          roman             | 494              | CDXCIV
          roman             | 888              | DCCCLXXXVIII
          dates             | 7 mar 1994       | 1994-03-07
          dates             | 29 feb 2000      | 2000-02-29
          modular           | uu               | t
          modular           | 5a               | f
          counting          | abcabaaaa        | 621
          counting          | ccccccccc        | 009
          maximum           | 37 81 05 44      | 81
          maximum           | 09 08 07 06      | 09
          """)
  void answers_areRight(String task, String prompt, String answer) {
    assertEquals(answer, SequenceTasks.of(task).answers().apply(prompt));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void draw_keepsToAlphabetAndLengths(SequenceTask task) {
    Random random = new Random(1);
    int longestPrompt = 0;
    int longestAnswer = 0;
    for (int i = 0; i < 3000; i++) {
      Problem problem = task.draw(random);
      String text = problem.prompt() + problem.answer();
      assertTrue(text.chars().allMatch(c -> task.alphabet().indexOf(c) >= 0), () -> problem + " in " + task.alphabet());
      assertFalse(problem.prompt().isEmpty() || problem.answer().isEmpty(), problem::toString);
      longestPrompt = Math.max(longestPrompt, problem.prompt().length());
      longestAnswer = Math.max(longestAnswer, problem.answer().length());
    }
    assertEquals(task.promptLength(), longestPrompt);
    assertEquals(task.answerLength(), longestAnswer);
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void parts_shareNoPrompt(SequenceTask task) {
    Problems problems = new Problems(task);
    Set<String> heldOut = new HashSet<>();
    for (Part part : List.of(Part.VALIDATION, Part.TEST)) {
      List<Problem> drawn = problems.heldOut(part);
      assertTrue(drawn.size() >= 100, () -> part + " has only " + drawn.size());
      drawn.forEach(problem -> assertTrue(heldOut.add(problem.prompt()), problem::toString));
    }
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      assertFalse(heldOut.contains(problems.draw(Part.TRAINING, random).prompt()));
    }
  }
}
