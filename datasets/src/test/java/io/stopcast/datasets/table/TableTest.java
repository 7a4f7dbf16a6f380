package io.stopcast.datasets.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.datasets.rdata.RTable;
import io.stopcast.datasets.rdata.RTable.Column;
import io.stopcast.datasets.table.TableSource.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
  private static final double NA = Double.NaN;

  private static Table table(String target, Question question, String... dropped) {
    return Table.of(source(question), RAW, target, List.of(dropped));
  }

  private static TableSource source(Question question) {
    return new TableSource("toy", "none", question, (self, root) -> null);
  }

  private static final RTable RAW =
      new RTable(
          List.of(
              new Column("id", new double[] {1, 2, 3, 4}, null),
              new Column("sex", new double[] {0, 1, NA, 0}, List.of("f", "m")),
              new Column("colour", new double[] {2, 0, NA, 1}, List.of("blue", "green", "red")),
              new Column("same", new double[] {5, 5, 5, 5}, null),
              new Column("kind", new double[] {3, 1, NA, 1}, List.of("a", "b", "c", "d")),
              new Column("price", new double[] {1, Math.E, 1, 1}, null)));

  @Test
  void of_categories_becomeCodesAndIndicators() {
    Table table = table("kind", Question.ACCURACY, "id", "price");

    assertArrayEquals(new double[][] {{0, 0, 0, 1}, {1, 1, 0, 0}, {0, 0, 1, 0}}, table.features());
    assertArrayEquals(new double[] {1, 0, 0}, table.targets(), "levels without a row leave no gap");
    assertEquals(2, table.classes());
  }

  @Test
  void of_missingFeature_isNaNInAllItsColumns() {
    Table table = table("price", Question.RMSE_OF_LOG, "id", "kind");

    assertArrayEquals(new double[] {NA, NA, NA, NA}, table.features()[2]);
    assertArrayEquals(new double[] {0, 1, 0, 0}, table.targets(), 1e-15);
    assertEquals(0, table.classes());
  }

  @Test
  void of_columnThatIsNotThere_namesThoseThatAre() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> table("weight", Question.RMSE));
    assertEquals(
        "table 'toy' should have a column 'weight'; it has [id, sex, colour, same, kind, price]", e.getMessage());
  }

  @Test
  void of_targetOfTheWrongKind_saysWhatItHolds() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> table("price", Question.LOGLOSS));
    assertEquals("table 'toy' should ask LOGLOSS of column 'price', but that column holds numbers", e.getMessage());
  }

  @Test
  void fingerprint_oneOtherNumber_differs() {
    Table table = table("price", Question.RMSE);
    double[][] features = table.features().clone();
    features[3] = features[3].clone();
    features[3][0] += 1e-9;

    assertNotEquals(
        table.fingerprint(), new Table(table.source(), features, table.targets(), 0).fingerprint());
  }

  @Test
  void read_csvWithHeading_skipsIt(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("toy.csv");
    Files.writeString(file, "3,2,yes,no\n1.5,2,0\n2.5,3,1\n3.5,4,1\n");

    Table table =
        CsvFile.read(source(Question.ACCURACY), file);

    assertArrayEquals(new double[][] {{1.5, 2}, {2.5, 3}, {3.5, 4}}, table.features());
    assertArrayEquals(new double[] {0, 1, 1}, table.targets());
    assertEquals(2, table.classes());
  }

  @Test
  void read_csvWithAWord_namesFieldAndLine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("toy.csv");
    Files.writeString(file, "1,2,0\n2,high,1\n");

    IOException e =
        assertThrows(IOException.class, () -> CsvFile.read(source(Question.ACCURACY), file));
    assertEquals("field 2 in line 2 of " + file + " should be a number, but is 'high'", e.getMessage());
  }
}
