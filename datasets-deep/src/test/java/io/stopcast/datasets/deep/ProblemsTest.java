package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.stopcast.datasets.deep.Problems.Part;
import io.stopcast.datasets.family.Settings;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private static final SequenceTask TASK =
      new SequenceTask("doubled", "abc", 3, 4, random -> "ab", prompt -> prompt + prompt);

  @Test
  void batch_alignsPromptsAndEndsShortAnswers() {
    Batch batch = new Problems(TASK).batch(List.of(new Problem("abc", "abca"), new Problem("c", "bc")));

    assertEquals(new Shape(2, 7), batch.shape());
    assertEquals(LongBuffer.wrap(new long[] {2, 3, 4, 1, 2, 3, 4, 0, 0, 4, 1, 3, 4, 0}), batch.inputs());
    assertArrayEquals(new int[] {2, 3, 4, 2, 3, 4, 0, Batch.UNASKED}, batch.targets());
    assertEquals(8 + 5, batch.cost()); // abc=abca and c=bc with its end
  }

  @Test
  void lessons_fixedProblems_comeOnceEachBeforeAnyComesAgain() {
    Problems problems = new Problems(SequenceTasks.of("copy"));
    Lessons lessons =
        new Lessons(
            problems,
            new Settings(Map.of("train_rows", 30L, "label_noise", 0.0, "batch_size", 15L)),
            1);

    assertEquals(30, lessons.count());
    List<LongBuffer> first = rows(lessons);
    List<LongBuffer> second = rows(lessons);
    assertEquals(30, first.stream().distinct().count());
    assertEquals(first.stream().sorted().toList(), second.stream().sorted().toList());
  }

  private static List<LongBuffer> rows(Lessons lessons) {
    return List.of(lessons.get(), lessons.get()).stream()
        .flatMap(
            batch -> {
              int width = (int) batch.shape().get(1);
              return IntStream.range(0, batch.examples())
                  .mapToObj(i -> ((LongBuffer) batch.inputs()).slice(i * width, width));
            })
        .toList();
  }

  @Test
  void draw_fewProblems_givesWhatThereAre() {
    Part part = Part.of(TASK, "ab");

    assertEquals(List.of(new Problem("ab", "abab")), new Problems(TASK).draw(part, 10, new Random(1)));
  }
}
