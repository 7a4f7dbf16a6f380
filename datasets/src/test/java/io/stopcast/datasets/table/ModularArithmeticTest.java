package io.stopcast.datasets.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModularArithmeticTest {
  private static Table open(String name) throws IOException {
    for (TableSource source : ModularArithmetic.TABLES) {
      if (source.name().equals(name)) {
        return new Tables(new DebianPackages(Path.of("nothing", "is", "fetched"))).open(source);
      }
    }
    throw new AssertionError("no table " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "add-mod-23, 23, 20, 5, 2",
    "add-squares-mod-29, 29, 5, 3, 5",
    "cubic-mod-23, 23, 3, 4, 16",
    "multiply-mod-29, 29, 28, 28, 1",
    "subtract-mod-37, 37, 1, 3, 35"
  })
  void table_pair_asksForTheResult(String name, int modulus, int a, int b, double result) throws IOException {
    Table table = open(name);

    double[] row = table.features()[a * modulus + b];
    assertEquals(2, Arrays.stream(row).sum());
    assertEquals(1, row[a]);
    assertEquals(1, row[modulus + b]);
    assertEquals(result, table.targets()[a * modulus + b]);
  }

  @Test
  void table_everyPair_isThereOnce() throws IOException {
    Table table = open("add-mod-31");

    assertEquals(31 * 31, table.rows());
    assertEquals(31, table.classes());
    assertEquals(31 * 31, Arrays.stream(table.features()).map(Arrays::toString).distinct().count());
  }
}
