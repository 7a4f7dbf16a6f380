package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.Settings;
import io.stopcast.datasets.table.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The problems that a run trains on, batch by batch: fresh ones without end, or a fixed number in ever new order. Some
 * have the answer of another problem, if the run asks for such noise; a fixed problem keeps its wrong answer.
 */
final class Lessons implements Supplier<Batch> {
  private final Problems problems;
  private final double noise;
  private final int batchSize;
  private final List<Problem> fixed;
  private final Random random;
  private int[] order = {};
  private int next;

  /** Settings: {@code train_rows} (0: without end), {@code label_noise}, {@code batch_size}. */
  Lessons(Problems problems, Settings settings, int seed) {
    this.problems = problems;
    noise = settings.real(Settings.LABEL_NOISE);
    batchSize = settings.whole(Course.BATCH_SIZE);
    random = Seeds.random(seed, "problems");
    int count = settings.whole(Settings.TRAIN_ROWS);
    fixed =
        count == 0
            ? List.of()
            : problems.draw(Problems.Part.TRAINING, count, random).stream().map(this::perhapsSpoilt).toList();
  }

  /** How many different problems there are; 0 if there is no end. */
  int count() {
    return fixed.size();
  }

  @Override
  public Batch get() {
    List<Problem> batch = new ArrayList<>();
    while (batch.size() < batchSize) {
      batch.add(fixed.isEmpty() ? perhapsSpoilt(problems.draw(Problems.Part.TRAINING, random)) : nextFixed());
    }
    return problems.batch(batch);
  }

  private Problem nextFixed() {
    if (next == order.length) {
      order = Seeds.permutation(fixed.size(), random);
      next = 0;
    }
    return fixed.get(order[next++]);
  }

  private Problem perhapsSpoilt(Problem problem) {
    return noise > 0 && random.nextDouble() < noise
        ? new Problem(problem.prompt(), problems.draw(Problems.Part.TRAINING, random).answer())
        : problem;
  }
}
