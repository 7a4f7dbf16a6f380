package io.stopcast.datasets.deep;

import io.stopcast.datasets.family.TableFamily;
import io.stopcast.datasets.table.Catalogue;
import io.stopcast.datasets.table.DebianPackages;
import io.stopcast.datasets.table.Seeds;
import io.stopcast.datasets.table.Split;
import io.stopcast.datasets.table.TableSource;
import io.stopcast.datasets.table.Tables;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Images in three parts.
 *
 * @param name as tables are named: what shares images shares the name
 * @param debianPackage where they come from; empty if nowhere
 * @param classes how many there are
 * @param pool what runs draw from
 * @param validation what all runs are judged by
 * @param test what nobody may see
 */
record ImageSet(
    String name, Optional<String> debianPackage, int classes, Images pool, Images validation, Images test) {
  private static final int POOL = 3000;
  private static final int VALIDATION = 300;
  private static final int TEST = 400;

  /**
   * Handwritten digits of 8 x 8 points, in the parts that the table families have them in. Alpaydin and Kaynak,
   * "Optical recognition of handwritten digits", UCI repository, 1998.
   */
  static ImageSet digits(DebianPackages packages) throws IOException {
    TableSource source =
        Catalogue.TABLES.stream().filter(table -> table.name().equals("digits")).findFirst().orElseThrow();
    Split split = Split.of(new Tables(packages).open(source), TableFamily.SEED);
    return new ImageSet(
        source.name(),
        Optional.of(source.debianPackage()),
        split.table().classes(),
        digits(split.pool()),
        digits(split.validation()),
        digits(split.test()));
  }

  private static Images digits(Split.Rows rows) {
    float[][] pixels = new float[rows.count()][];
    for (int i = 0; i < pixels.length; i++) {
      double[] row = rows.features()[i];
      pixels[i] = new float[row.length];
      for (int j = 0; j < row.length; j++) {
        pixels[i][j] = (float) (row[j] / 16); // the darkest point is 16
      }
    }
    return new Images(8, pixels, Arrays.stream(rows.targets()).mapToInt(target -> (int) target).toArray());
  }

  /**
   * Pieces of clothing, made smaller to 14 x 14 points; the first ones of the training and of the test file. Xiao,
   * Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017.
   */
  static ImageSet fashion(DebianPackages packages) throws IOException {
    Images heldOut = IdxFiles.FASHION.read(packages, "t10k", VALIDATION + TEST);
    return new ImageSet(
        "fashion_mnist",
        Optional.of(IdxFiles.FASHION.debianPackage()),
        10,
        IdxFiles.FASHION.read(packages, "train", POOL),
        heldOut.range(0, VALIDATION),
        heldOut.range(VALIDATION, VALIDATION + TEST));
  }

  /** Drawn figures, see {@link Shapes}. */
  static ImageSet shapes() {
    Random random = Seeds.random(TableFamily.SEED, "images/shapes");
    return new ImageSet(
        "shapes",
        Optional.empty(),
        Shapes.CLASSES,
        Shapes.draw(POOL, random),
        Shapes.draw(VALIDATION, random),
        Shapes.draw(TEST, random));
  }
}
