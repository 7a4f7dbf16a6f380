import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.deeplearning4j.earlystopping.termination.BestScoreEpochTerminationCondition;
import org.deeplearning4j.earlystopping.termination.EpochTerminationCondition;
import org.deeplearning4j.earlystopping.termination.InvalidScoreIterationTerminationCondition;
import org.deeplearning4j.earlystopping.termination.IterationTerminationCondition;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.termination.MaxScoreIterationTerminationCondition;
import org.deeplearning4j.earlystopping.termination.ScoreImprovementEpochTerminationCondition;

/** Writes what DL4J's termination conditions decide on the curves of {@code curves.csv}. See README.md. */
class RecordDl4j {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve("dl4j.csv")))) {
      out.print("# deeplearning4j-nn " + args[1] + "\ncurve,condition,epochs,level,stops\n");
      int i = 0;
      List<String> lines = Files.readAllLines(folder.resolve("curves.csv"));
      for (String line : lines.subList(1, lines.size())) {
        String[] fields = line.split(",");
        double[] values = Arrays.stream(fields[3].split(" ")).mapToDouble(Double::parseDouble).toArray();
        boolean minimize = fields[1].equals("min");
        for (int turn = 0; turn < 4; turn++, i++) {
          int epochs = new int[] {1, 2, 3, 5}[i % 4];
          double delta = new double[] {0, 1 / 64.0, 0.01, 0.1, 0.05}[i % 5];
          var rule = new ScoreImprovementEpochTerminationCondition(epochs, delta);
          print(out, fields[0], "ScoreImprovement", epochs, delta, values, epochs(rule, minimize));
        }
        double level = minimize ? 0.65625 : 0.84375;
        var best = new BestScoreEpochTerminationCondition(level);
        print(out, fields[0], "BestScore", 0, level, values, epochs(best, minimize));
        print(out, fields[0], "MaxEpochs", 7, 0, values, epochs(new MaxEpochsTerminationCondition(7), minimize));
        print(out, fields[0], "InvalidScore", 0, 0, values, iterations(new InvalidScoreIterationTerminationCondition()));
        if (minimize) {
          print(out, fields[0], "MaxScore", 0, 1.25, values, iterations(new MaxScoreIterationTerminationCondition(1.25)));
        }
      }
    }
  }

  private static BiFunction<Integer, Double, Boolean> epochs(EpochTerminationCondition rule, boolean minimize) {
    rule.initialize();
    return (epoch, value) -> rule.terminate(epoch, value, minimize);
  }

  private static BiFunction<Integer, Double, Boolean> iterations(IterationTerminationCondition rule) {
    rule.initialize();
    return (epoch, value) -> rule.terminate(value);
  }

  private static void print(
      PrintWriter out, String curve, String name, int epochs, double level, double[] values,
      BiFunction<Integer, Double, Boolean> rule) {
    StringBuilder stops = new StringBuilder();
    for (int epoch = 0; epoch < values.length; epoch++) {
      stops.append(rule.apply(epoch, values[epoch]) ? '1' : '0');
    }
    out.print(curve + "," + name + "," + epochs + "," + level + "," + stops + "\n");
  }
}
