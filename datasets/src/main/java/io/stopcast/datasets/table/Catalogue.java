package io.stopcast.datasets.table;

import io.stopcast.datasets.rdata.RFiles;
import io.stopcast.datasets.table.TableSource.Question;
import java.util.List;
import java.util.Locale;

/**
 * All that is trained on as tables.
 *
 * <p>Tables with a column on race or ethnicity are left out, whatever they would bring.
 */
public final class Catalogue {
  private static final String SITE = "usr/lib/R/site-library/";
  private static final String CORE = "usr/lib/R/library/";
  private static final String SKLEARN = "usr/lib/python3/dist-packages/sklearn/datasets/data/";

  /** All tables, by name. */
  public static final List<TableSource> TABLES =
      List.of(
          lazy("ad_data", "modeldata", "Class", Question.LOGLOSS),
          lazy("ames", "modeldata", "Sale_Price", Question.RMSE_OF_LOG),
          lazy("attrition", "modeldata", "Attrition", Question.LOGLOSS),
          lazy("BEPS", "carData", "vote", Question.ACCURACY),
          lazy("biomass", "modeldata", "HHV", Question.RMSE, "sample", "dataset"),
          csv("breast_cancer", "breast_cancer.csv", Question.LOGLOSS),
          saved("BreastCancer", "mlbench", "Class", Question.ACCURACY, "Id"),
          lazy("car_prices", "modeldata", "Price", Question.RMSE_OF_LOG),
          lazy("cells", "modeldata", "class", Question.ACCURACY, "case"),
          lazy("check_times", "modeldata", "check_time", Question.RMSE_OF_LOG, "package"),
          lazy("chevron", "mclust", "class", Question.ACCURACY),
          lazy("Chicago", "modeldata", "ridership", Question.RMSE, "date"),
          lazy("Chile", "carData", "vote", Question.ACCURACY),
          lazy("concrete", "modeldata", "compressive_strength", Question.RMSE),
          saved("CPSSW8", "AER", "earnings", Question.RMSE_OF_LOG),
          lazy("credit_data", "modeldata", "Status", Question.ACCURACY),
          saved("CreditCard", "AER", "card", Question.LOGLOSS, "expenditure", "share"),
          data("dhfr", "caret", "Y", Question.ACCURACY),
          lazy("diamonds", "ggplot2", "price", Question.RMSE_OF_LOG),
          csv("digits", "digits.csv.gz", Question.ACCURACY),
          saved("DNA", "mlbench", "Class", Question.LOGLOSS),
          saved("DoctorVisits", "AER", "visits", Question.RMSE),
          core("flchain", "survival", "lambda", Question.RMSE_OF_LOG, "flc.grp"),
          data("GermanCredit", "caret", "Class", Question.LOGLOSS, "ForeignWorker"),
          saved("HousePrices", "AER", "price", Question.RMSE),
          saved("HouseVotes84", "mlbench", "Class", Question.LOGLOSS),
          lazy("hpc_data", "modeldata", "class", Question.LOGLOSS),
          saved("Ionosphere", "mlbench", "Class", Question.LOGLOSS),
          lazy("lending_club", "modeldata", "Class", Question.LOGLOSS),
          saved("LetterRecognition", "mlbench", "lettr", Question.ACCURACY),
          lazy("meats", "modeldata", "protein", Question.RMSE, "fat", "water"),
          lazy("mlc_churn", "modeldata", "churn", Question.LOGLOSS),
          saved("musk", "kernlab", "Class", Question.ACCURACY),
          saved("Ozone", "mlbench", "V4", Question.RMSE),
          lazy("parabolic", "modeldata", "class", Question.ACCURACY),
          core("pbcseq", "survival", "bili", Question.RMSE_OF_LOG, "id"),
          lazy("pd_speech", "modeldata", "class", Question.ACCURACY),
          core("rotterdam", "survival", "size", Question.LOGLOSS, "pid"),
          lazy("Sacramento", "modeldata", "price", Question.RMSE_OF_LOG),
          saved("Satellite", "mlbench", "classes", Question.ACCURACY),
          saved("Shuttle", "mlbench", "Class", Question.LOGLOSS),
          lazy("SLID", "carData", "wages", Question.RMSE),
          saved("Sonar", "mlbench", "Class", Question.ACCURACY),
          saved("Soybean", "mlbench", "Class", Question.ACCURACY),
          saved("spam", "kernlab", "type", Question.LOGLOSS),
          lazy("stackoverflow", "modeldata", "Salary", Question.RMSE_OF_LOG),
          lazy("TitanicSurvival", "carData", "survived", Question.LOGLOSS),
          lazy("two_class_dat", "modeldata", "Class", Question.LOGLOSS),
          lazy("txhousing", "ggplot2", "median", Question.RMSE_OF_LOG, "date"),
          saved("Vehicle", "mlbench", "Class", Question.LOGLOSS),
          lazy("Vocab", "carData", "vocabulary", Question.RMSE),
          saved("Vowel", "mlbench", "Class", Question.ACCURACY),
          lazy("wa_churn", "modeldata", "churn", Question.ACCURACY),
          lazy("Wells", "carData", "switch", Question.LOGLOSS));

  /** Tables that no shipped run was trained on, so that no model has seen them: what advice is tried on ({@code checks/advice}). */
  public static final List<TableSource> UNSEEN =
      List.of(
          lazy("faithfuld", "ggplot2", "density", Question.RMSE),
          core("gilgais", "MASS", "c80", Question.RMSE),
          saved("Glass", "mlbench", "Type", Question.ACCURACY),
          core("mgus2", "survival", "hgb", Question.RMSE, "id"),
          core("nafld1", "survival", "weight", Question.RMSE, "id", "bmi", "case.id"),
          core("nlschools", "MASS", "lang", Question.RMSE),
          lazy("Salaries", "carData", "salary", Question.RMSE_OF_LOG),
          core("solder", "survival", "skips", Question.RMSE),
          saved("ticdata", "kernlab", "CARAVAN", Question.LOGLOSS),
          lazy("WVS", "carData", "poverty", Question.ACCURACY));

  /** Texts, as tables that count words or characters. */
  public static final List<TableSource> TEXTS = Texts.TABLES;

  /** Modular arithmetic, made on the spot. */
  public static final List<TableSource> ARITHMETIC = ModularArithmetic.TABLES;

  private Catalogue() {}


  private static TableSource saved(String name, String library, String target, Question question, String... dropped) {
    return saved(name, library, ".rda", target, question, dropped);
  }

  /** As {@link #saved}, with the ending that some packages prefer. */
  private static TableSource data(String name, String library, String target, Question question, String... dropped) {
    return saved(name, library, ".RData", target, question, dropped);
  }

  private static TableSource saved(
      String name, String library, String ending, String target, Question question, String... dropped) {
    String file = SITE + library + "/data/" + name + ending;
    return new TableSource(
        name,
        debian(library),
        question,
        (source, root) -> Table.of(source, RFiles.readSaved(root.resolve(file), name), target, List.of(dropped)));
  }

  private static TableSource lazy(String name, String library, String target, Question question, String... dropped) {
    return lazy(name, SITE, library, target, question, dropped);
  }

  /** As {@link #lazy}, from the libraries that come with R itself. */
  private static TableSource core(String name, String library, String target, Question question, String... dropped) {
    return lazy(name, CORE, library, target, question, dropped);
  }

  private static TableSource lazy(
      String name, String folder, String library, String target, Question question, String... dropped) {
    String base = folder + library + "/data/Rdata";
    return new TableSource(
        name,
        debian(library),
        question,
        (source, root) -> Table.of(source, RFiles.readLazy(root.resolve(base), name), target, List.of(dropped)));
  }

  private static TableSource csv(String name, String file, Question question) {
    return new TableSource(
        name, "python3-sklearn", question, (source, root) -> CsvFile.read(source, root.resolve(SKLEARN + file)));
  }

  private static String debian(String library) {
    return "r-cran-" + library.toLowerCase(Locale.ROOT);
  }
}
