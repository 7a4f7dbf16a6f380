import hex.ScoreKeeper;
import hex.ScoreKeeper.ProblemType;
import hex.ScoreKeeper.StoppingMetric;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes what H2O's {@code ScoreKeeper.stopEarly} decides on the curves of {@code curves.csv}. See README.md. */
class RecordH2o {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve("h2o.csv")))) {
      out.print("# h2o " + args[1] + "\ncurve,rounds,tolerance,stops\n");
      int i = 0;
      List<String> lines = Files.readAllLines(folder.resolve("curves.csv"));
      for (String line : lines.subList(1, lines.size())) {
        String[] fields = line.split(",");
        double[] values = Arrays.stream(fields[3].split(" ")).mapToDouble(Double::parseDouble).toArray();
        StoppingMetric metric = fields[1].equals("min") ? StoppingMetric.custom : StoppingMetric.custom_increasing;
        for (int turn = 0; turn < 4; turn++, i++) {
          int rounds = new int[] {1, 2, 3, 5}[i % 4];
          double tolerance = new double[] {0, 0.001, 0.01, 0.03, 0.1}[i % 5];
          StringBuilder stops = new StringBuilder();
          for (int points = 1; points <= values.length; points++) {
            ScoreKeeper[] seen = new ScoreKeeper[points];
            for (int k = 0; k < points; k++) {
              seen[k] = new ScoreKeeper();
              seen[k]._custom_metric = values[k];
            }
            stops.append(
                ScoreKeeper.stopEarly(seen, rounds, ProblemType.regression, metric, tolerance, "run", false) ? '1' : '0');
          }
          out.print(fields[0] + "," + rounds + "," + tolerance + "," + stops + "\n");
        }
      }
    }
  }
}
