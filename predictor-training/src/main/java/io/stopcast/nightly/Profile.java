package io.stopcast.nightly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stopcast.feature.FeatureExtractor;
import io.stopcast.feature.TaskHistory;
import io.stopcast.model.ModelFile;
import io.stopcast.model.StopModel;
import io.stopcast.policy.LearnedPolicy;
import io.stopcast.replay.ScoredRun;
import io.stopcast.run.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How the features of runs, and a model's scores of them, are distributed: for each a few cuts, and the share of rows between them. Stored beside
 * a model, so that what comes later can be compared without the runs that it was trained on.
 *
 * <p>A row is a point at which the model would be asked, with what it would see there; at most {@value #ROWS_A_RUN} of a run, evenly spread.
 *
 * @param price at which the model was asked; NaN in profiles from before they told
 * @param runs how many runs the rows are of
 * @param rows how many rows
 * @param columns by the feature's name, {@code score} among them
 */
public record Profile(double price, int runs, int rows, Map<String, Column> columns) {
  /** The file of a version that holds it. */
  public static final String FILE = "profile.json";

  static final String SCORE = "score";

  private static final int BINS = 10;
  private static final int ROWS_A_RUN = 8;
  private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * One feature.
   *
   * @param cuts ascending; a value belongs to the bin after the last cut that it reaches
   * @param shares of rows: first of those without a value, then of the bins, one more than there are cuts
   */
  public record Column(List<Double> cuts, List<Double> shares) {
    public Column {
      cuts = List.copyOf(cuts);
      shares = List.copyOf(shares);
      if (shares.size() != cuts.size() + 2) {
        throw new IllegalArgumentException("%d cuts need %d shares, but have %d".formatted(cuts.size(), cuts.size() + 2, shares.size()));
      }
    }
  }

  public Profile {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /** Of runs as a model sees them at a price, cut so that each bin holds a tenth of the rows, as far as values differ. */
  public static Profile of(ModelFile model, List<ScoredRun> runs, double price) {
    float[][] rows = rows(model, runs, price);
    Map<String, Column> columns = new LinkedHashMap<>();
    List<String> names = names(model);
    for (int c = 0; c < names.size(); c++) {
      float[] values = column(rows, c);
      columns.put(names.get(c), shares(values, cuts(values)));
    }
    return new Profile(price, runs.size(), rows.length, columns);
  }

  /** Other runs at the same price, cut where this profile is. */
  public Profile same(ModelFile model, List<ScoredRun> others) {
    float[][] rows = rows(model, others, price);
    Map<String, Column> of = new LinkedHashMap<>();
    List<String> names = names(model);
    for (int c = 0; c < names.size(); c++) {
      Column known = columns.get(names.get(c));
      if (known != null) {
        of.put(names.get(c), shares(column(rows, c), known.cuts));
      }
    }
    return new Profile(price, others.size(), rows.length, of);
  }

  /**
   * Reads what {@link #format} writes.
   *
   * @param where to be named in a message
   */
  public static Profile parse(byte[] bytes, String where) throws IOException {
    try {
      JsonNode node = JSON.readTree(bytes);
      Map<String, Column> columns = new LinkedHashMap<>();
      node.path("columns")
          .properties()
          .forEach(e -> columns.put(e.getKey(), new Column(numbers(e.getValue().path("cuts")), numbers(e.getValue().path("shares")))));
      return new Profile(node.path("price").asDouble(Double.NaN), node.path("runs").asInt(), node.path("rows").asInt(), columns);
    } catch (JsonProcessingException e) {
      throw new IOException("%s is not JSON: %s".formatted(where, e.getOriginalMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s is no profile: %s".formatted(where, e.getMessage()), e);
    }
  }

  private static List<Double> numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    list.forEach(value -> numbers.add(value.asDouble()));
    return numbers;
  }

  /** The bytes of the file. */
  public byte[] format() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  private static List<String> names(ModelFile model) {
    List<String> names = new ArrayList<>(model.schema().names());
    names.remove(FeatureExtractor.PRICE); // the same in every row
    names.add(SCORE);
    return names;
  }

  private static float[] column(float[][] rows, int column) {
    float[] values = new float[rows.length];
    for (int r = 0; r < values.length; r++) {
      values[r] = rows[r][column];
    }
    return values;
  }

  private static float[][] rows(ModelFile model, List<ScoredRun> runs, double price) {
    StopModel scorer = model.scorer();
    return runs.parallelStream().flatMap(run -> rows(model, scorer, run, price).stream()).toArray(float[][]::new);
  }

  /** The features without the price, which is the last of them, and in its place the score. */
  private static List<float[]> rows(ModelFile model, StopModel scorer, ScoredRun run, double price) {
    TaskHistory history = model.priors().of(run.run().context());
    FeatureExtractor extractor = new FeatureExtractor(run.run().context(), history);
    List<float[]> asked = new ArrayList<>();
    for (Step step : run.run().steps()) {
      if (extractor.observe(step) && LearnedPolicy.isJudged(extractor, history.runs().size())) {
        float[] row = new float[model.schema().size()];
        row[FeatureExtractor.PRICE] = FeatureExtractor.priceFeature(price);
        extractor.write(row);
        row[FeatureExtractor.PRICE] = scorer.score(row);
        asked.add(row);
      }
    }
    int kept = Math.min(ROWS_A_RUN, asked.size());
    return IntStream.range(0, kept).mapToObj(i -> asked.get(i * asked.size() / kept)).toList();
  }

  private static List<Double> cuts(float[] values) {
    float[] sorted = new float[values.length];
    int size = 0;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        sorted[size++] = value;
      }
    }
    Arrays.sort(sorted, 0, size);
    List<Double> cuts = new ArrayList<>();
    for (int bin = 1; bin < BINS && size > 0; bin++) {
      double cut = sorted[(int) ((long) bin * size / BINS)];
      if (cut > sorted[0] && (cuts.isEmpty() || cut > cuts.get(cuts.size() - 1)) && !Double.isInfinite(cut)) {
        cuts.add(cut);
      }
    }
    return cuts;
  }

  private static Column shares(float[] values, List<Double> cuts) {
    int[] counts = new int[cuts.size() + 2];
    for (float value : values) {
      int bin = 0;
      if (!Float.isNaN(value)) {
        bin = 1;
        while (bin <= cuts.size() && value >= cuts.get(bin - 1)) {
          bin++;
        }
      }
      counts[bin]++;
    }
    List<Double> shares = new ArrayList<>();
    for (int count : counts) {
      shares.add(Math.round(1e6 * count / Math.max(1, values.length)) / 1e6);
    }
    return new Column(cuts, shares);
  }
}
