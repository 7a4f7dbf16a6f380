package io.stopcast.datasets.table;

import io.stopcast.datasets.table.TableSource.Form;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.List;
import java.util.Locale;

/**
 * The tables that are trained on.
 *
 * <p>Tables with a column on race or ethnicity are left out, whatever they would bring.
 */
public final class Catalogue {
  private static final String R = "usr/lib/R/site-library/";
  private static final String SKLEARN = "usr/lib/python3/dist-packages/sklearn/datasets/data/";

  /** All tables, by name. */
  public static final List<TableSource> TABLES =
      List.of(
          lazy("ames", "modeldata", "Sale_Price", Question.RMSE_OF_LOG),
          csv("breast_cancer", "breast_cancer.csv", Question.LOGLOSS),
          lazy("cells", "modeldata", "class", Question.ACCURACY, "case"),
          lazy("concrete", "modeldata", "compressive_strength", Question.RMSE),
          lazy("credit_data", "modeldata", "Status", Question.ACCURACY),
          lazy("diamonds", "ggplot2", "price", Question.RMSE_OF_LOG),
          csv("digits", "digits.csv.gz", Question.ACCURACY),
          saved("DNA", "mlbench", "Class", Question.LOGLOSS),
          saved("HousePrices", "AER", "price", Question.RMSE),
          lazy("hpc_data", "modeldata", "class", Question.LOGLOSS),
          saved("Ionosphere", "mlbench", "Class", Question.LOGLOSS),
          saved("LetterRecognition", "mlbench", "lettr", Question.ACCURACY),
          lazy("meats", "modeldata", "protein", Question.RMSE, "fat", "water"),
          lazy("mlc_churn", "modeldata", "churn", Question.LOGLOSS),
          lazy("Sacramento", "modeldata", "price", Question.RMSE_OF_LOG),
          saved("Satellite", "mlbench", "classes", Question.ACCURACY),
          lazy("SLID", "carData", "wages", Question.RMSE),
          saved("Sonar", "mlbench", "Class", Question.ACCURACY),
          saved("spam", "kernlab", "type", Question.LOGLOSS),
          saved("Vehicle", "mlbench", "Class", Question.LOGLOSS),
          saved("Vowel", "mlbench", "Class", Question.ACCURACY));

  private Catalogue() {}

  private static TableSource saved(String name, String library, String target, Question question) {
    return new TableSource(
        name, debian(library), R + library + "/data/" + name + ".rda", Form.R_SAVED, target, List.of(), question);
  }

  private static TableSource lazy(String name, String library, String target, Question question, String... dropped) {
    return new TableSource(
        name, debian(library), R + library + "/data/Rdata", Form.R_LAZY, target, List.of(dropped), question);
  }

  private static TableSource csv(String name, String file, Question question) {
    return new TableSource(name, "python3-sklearn", SKLEARN + file, Form.CSV, "last", List.of(), question);
  }

  private static String debian(String library) {
    return "r-cran-" + library.toLowerCase(Locale.ROOT);
  }
}
