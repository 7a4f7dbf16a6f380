package io.stopcast.datasets.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.table.TableSource.Question;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static Table table(int rows, int classes) {
    double[][] features = new double[rows][];
    double[] targets = new double[rows];
    for (int i = 0; i < rows; i++) {
      features[i] = new double[] {i};
      targets[i] = classes > 0 ? i % classes : 100 + 10 * Math.sin(i);
    }
    Question question = classes > 0 ? Question.ACCURACY : Question.RMSE;
    return new Table(
        new TableSource("toy", "none", question, (self, root) -> null), features, targets, classes);
  }

  @Test
  void of_anyTable_usesEveryRowOnce() {
    Split split = Split.of(table(403, 3), 1);

    assertEquals(
        List.of(100, 100, 203), List.of(split.validation().count(), split.test().count(), split.pool().count()));
    Set<Double> rows = new HashSet<>();
    for (Split.Rows part : List.of(split.validation(), split.test(), split.pool())) {
      Arrays.stream(part.features()).forEach(row -> assertTrue(rows.add(row[0])));
    }
    assertEquals(403, rows.size());
  }

  @Test
  void of_numbers_scalesThemToThePool() {
    double[] pool = Split.of(table(400, 0), 1).pool().targets();

    double mean = Arrays.stream(pool).average().orElseThrow();
    assertEquals(0, mean, 1e-12);
    assertEquals(1, Arrays.stream(pool).map(y -> y * y).average().orElseThrow(), 1e-12);
  }

  @Test
  void draw_noise_spoilsThatShareOfTheAnswers() {
    Split split = Split.of(table(20_000, 4), 1);

    Split.Rows rows = split.draw(10_000, 0.3, new Random(5));

    int wrong = 0;
    for (int i = 0; i < rows.count(); i++) {
      wrong += rows.targets()[i] == rows.features()[i][0] % 4 ? 0 : 1;
      assertTrue(rows.targets()[i] >= 0 && rows.targets()[i] < 4);
    }
    assertEquals(0.3, wrong / 10_000.0, 0.02);
  }

  @Test
  void draw_moreThanThereAre_givesThePool() {
    Split split = Split.of(table(40, 2), 1);

    assertEquals(20, split.draw(3000, 0, new Random(1)).count());
  }

  @Test
  void permutation_sameSeed_isTheSameOnEveryMachine() {
    assertArrayEquals(new int[] {0, 6, 3, 4, 1, 5, 7, 2}, Seeds.permutation(8, Seeds.random(20261, "order")));
  }
}
