package io.stopcast.datasets.table;

import io.stopcast.datasets.table.TableSource.Question;
import java.util.List;
import java.util.function.IntBinaryOperator;

/** Tables of modular arithmetic: a row is a pair of numbers, with a column for each value of each, and asks the result. */
final class ModularArithmetic {
  static final List<TableSource> TABLES =
      List.of(
          table("add-mod-23", 23, (a, b) -> a + b),
          table("add-mod-31", 31, (a, b) -> a + b),
          table("add-squares-mod-29", 29, (a, b) -> a * a + b * b),
          table("cubic-mod-23", 23, (a, b) -> a * a * a + a * b),
          table("multiply-mod-29", 29, (a, b) -> a * b),
          table("subtract-mod-37", 37, (a, b) -> a - b));

  private ModularArithmetic() {}

  private static TableSource table(String name, int modulus, IntBinaryOperator operation) {
    return new TableSource(name, "", Question.ACCURACY, (source, root) -> make(source, modulus, operation));
  }

  private static Table make(TableSource source, int modulus, IntBinaryOperator operation) {
    double[][] features = new double[modulus * modulus][2 * modulus];
    double[] targets = new double[modulus * modulus];
    for (int a = 0; a < modulus; a++) {
      for (int b = 0; b < modulus; b++) {
        int row = a * modulus + b;
        features[row][a] = 1;
        features[row][modulus + b] = 1;
        targets[row] = Math.floorMod(operation.applyAsInt(a, b), modulus);
      }
    }
    return new Table(source, features, targets, modulus);
  }
}
