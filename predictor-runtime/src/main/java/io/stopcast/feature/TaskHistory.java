package io.stopcast.feature;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The completed earlier runs of a task: what a run may know of its task when it starts.
 *
 * <p>Compact: curves keep 16 bits between the worst value that matters (16 times what the task has to gain below its best)
 * and the best, hyper-parameters only where runs differ. What is written reads back equal. Immutable; safe for all threads.
 */
public final class TaskHistory {
  /** Of a task that nobody has run before. */
  public static final TaskHistory NONE = new TaskHistory(0, 0, List.of());

  /** How many runs a history may have. */
  public static final int MOST_RUNS = 1024;

  private static final double DEPTH = 16;
  private static final int STEPS = 0xFFFF;
  private static final int MOST_PARAMETERS = 64;
  private static final int LONGEST_TEXT = 100;

  /** Parameters that say nothing of a run's curve. */
  private static final Set<String> IGNORED = Set.of("seed", "code_version");

  private final float low;
  private final float high;
  private final List<EarlierRun> runs;
  private final double scale;
  private final double typicalPoints;

  // Laid out when they are first looked at. Threads that do so at once may do it twice, and get the same.
  private EarlierCurves curves;
  private EarlierParameters parameters;

  private TaskHistory(float low, float high, List<EarlierRun> runs) {
    this.low = low;
    this.high = high;
    this.runs = List.copyOf(runs);
    scale = scale(runs);
    double[] lengths = runs.stream().mapToDouble(EarlierRun::points).sorted().toArray();
    typicalPoints = runs.isEmpty() ? Double.NaN : lengths[lengths.length / 2];
  }

  /**
   * Returns the history of these runs.
   *
   * @throws IllegalArgumentException if there are more than {@value #MOST_RUNS}
   */
  public static TaskHistory of(List<EarlierRun> runs) {
    if (runs.size() > MOST_RUNS) {
      throw new IllegalArgumentException(
          "a task's history holds at most %d runs, but was given %d; leave some out".formatted(MOST_RUNS, runs.size()));
    }
    if (runs.isEmpty()) {
      return NONE;
    }
    float high = highest(runs);
    float low = low(runs, high);
    List<String> names = informative(runs);
    List<EarlierRun> kept = new ArrayList<>();
    for (EarlierRun run : runs) {
      float[] best = new float[EarlierRun.CELLS];
      for (int k = 0; k < best.length; k++) {
        boolean isSame = k > 0 && run.best()[k] == run.best()[k - 1]; // as is mostly so: two divisions less
        best[k] = isSame ? best[k - 1] : value(level(run.best()[k], low, high), low, high);
      }
      Map<String, Object> parameters = new HashMap<>(2 * names.size());
      for (String name : names) {
        Object value = run.parameters().get(name);
        if (value != null) {
          parameters.put(name, comparable(value));
        }
      }
      kept.add(
          new EarlierRun(run.id(), value(level(run.first(), low, high), low, high), best, run.points(), parameters));
    }
    return new TaskHistory(low, high, kept);
  }

  /**
   * Returns the {@link #scale} of the {@link #of history of these runs}, without laying them out.
   *
   * @param runs at most {@value #MOST_RUNS}
   */
  public static double scaleOf(List<EarlierRun> runs) {
    if (runs.isEmpty()) {
      return NONE.scale;
    }
    float high = highest(runs);
    float low = low(runs, high);
    double[] firsts = new double[runs.size()];
    Arrays.setAll(firsts, j -> value(level(runs.get(j).first(), low, high), low, high));
    return aboveMedian(high, firsts);
  }

  /**
   * This history without the run of that name: a run that is replayed, or goes on after a crash, must not see its own
   * future.
   */
  public TaskHistory without(String run) {
    long id = EarlierRun.idOf(run);
    List<EarlierRun> others = runs.stream().filter(other -> other.id() != id).toList();
    return others.size() == runs.size() ? this : others.isEmpty() ? NONE : new TaskHistory(low, high, others);
  }

  private static double scale(List<EarlierRun> runs) {
    if (runs.isEmpty()) {
      return Double.NaN;
    }
    return aboveMedian(highest(runs), runs.stream().mapToDouble(EarlierRun::first).toArray());
  }

  /** What there is to gain from the median of some first values, which are sorted, to the best value. */
  private static double aboveMedian(double best, double[] firsts) {
    Arrays.sort(firsts);
    return best - firsts[firsts.length / 2];
  }

  private static float highest(List<EarlierRun> runs) {
    float high = Float.NEGATIVE_INFINITY;
    for (EarlierRun run : runs) {
      high = Math.max(high, run.last());
    }
    return high;
  }

  /** The worst value that matters. */
  private static float low(List<EarlierRun> runs, float high) {
    float lowest = Float.POSITIVE_INFINITY;
    for (EarlierRun run : runs) {
      lowest = Math.min(lowest, run.first());
    }
    double scale = scale(runs);
    return (float) Math.max(lowest, high - DEPTH * (scale > 0 ? scale : high - lowest));
  }

  private static int level(float value, float low, float high) {
    double share = high > low ? ((double) value - low) / ((double) high - low) : 1;
    return (int) Math.rint(STEPS * Math.max(0, Math.min(1, share)));
  }

  private static float value(int level, float low, float high) {
    return level == STEPS ? high : (float) (low + ((double) high - low) * level / STEPS);
  }

  /** The parameters in which the runs differ. */
  private static List<String> informative(List<EarlierRun> runs) {
    Set<String> names = new HashSet<>();
    for (EarlierRun run : runs) {
      names.addAll(run.parameters().keySet());
    }
    names.removeAll(IGNORED);
    names.removeIf(name -> name.length() > LONGEST_TEXT || isSameInAll(name, runs));
    return names.stream().sorted().limit(MOST_PARAMETERS).toList();
  }

  private static boolean isSameInAll(String name, List<EarlierRun> runs) {
    Object value = runs.get(0).parameters().get(name);
    for (EarlierRun run : runs) {
      if (!Objects.equals(value, run.parameters().get(name))) {
        return false;
      }
    }
    return true;
  }

  /** A number as double, all else as text that is not too long. */
  static Object comparable(Object value) {
    if (value instanceof Double) {
      return value;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    String text = value.toString();
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** The runs, in the order in which they were given. */
  public List<EarlierRun> runs() {
    return runs;
  }

  /** What the task has to gain, as these runs tell: the best value less the median first one; NaN without runs. */
  public double scale() {
    return scale;
  }

  /** The median length, in points; NaN without runs. */
  double typicalPoints() {
    return typicalPoints;
  }

  /** The curves, in the order of {@link #parameters}. */
  EarlierCurves curves() {
    EarlierCurves made = curves;
    if (made == null) {
      made = new EarlierCurves(byFinalValue(), scale);
      curves = made;
    }
    return made;
  }

  /** The hyper-parameters, in the order of {@link #curves}. */
  EarlierParameters parameters() {
    EarlierParameters made = parameters;
    if (made == null) {
      made = new EarlierParameters(byFinalValue());
      parameters = made;
    }
    return made;
  }

  private List<EarlierRun> byFinalValue() {
    List<EarlierRun> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparingDouble(EarlierRun::last));
    return sorted;
  }

  /** Writes the history for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeFloat(low);
    out.writeFloat(high);
    SortedSet<String> names = new TreeSet<>();
    runs.forEach(run -> names.addAll(run.parameters().keySet()));
    out.writeByte(names.size());
    for (String name : names) {
      out.writeUTF(name);
    }
    out.writeShort(runs.size());
    for (EarlierRun run : runs) {
      out.writeLong(run.id());
      out.writeInt(run.points());
      int before = level(run.first(), low, high);
      out.writeShort(before);
      for (float best : run.best()) {
        int level = level(best, low, high);
        out.writeShort(level - before); // mostly small numbers, which deflate well
        before = level;
      }
      for (String name : names) {
        Object value = run.parameters().get(name);
        out.writeByte(value == null ? 0 : value instanceof Double ? 1 : 2);
        if (value instanceof Double number) {
          out.writeDouble(number);
        } else if (value != null) {
          out.writeUTF((String) value);
        }
      }
    }
  }

  /**
   * Reads what {@link #write} wrote. Whoever wrote it is not trusted: all counts are bounded, all values checked.
   *
   * @throws IOException if it is anything else
   */
  public static TaskHistory read(DataInput in) throws IOException {
    float low = in.readFloat();
    float high = in.readFloat();
    int parameters = in.readUnsignedByte();
    if (!(low <= high) || Float.isInfinite(low) || Float.isInfinite(high) || parameters > MOST_PARAMETERS) {
      throw new IOException(
          "a task's history lies between %s and %s and has %d parameters".formatted(low, high, parameters));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < parameters; i++) {
      names.add(in.readUTF());
    }
    int count = in.readUnsignedShort();
    if (count > MOST_RUNS) {
      throw new IOException("a task's history has %d runs, but at most %d are allowed".formatted(count, MOST_RUNS));
    }
    List<EarlierRun> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(readRun(in, low, high, names));
    }
    return runs.isEmpty() ? NONE : new TaskHistory(low, high, runs);
  }

  private static EarlierRun readRun(DataInput in, float low, float high, List<String> names) throws IOException {
    long id = in.readLong();
    int points = in.readInt();
    if (points < 1) {
      throw new IOException("an earlier run has " + points + " points");
    }
    int level = in.readUnsignedShort();
    float first = value(level, low, high);
    float[] best = new float[EarlierRun.CELLS];
    for (int k = 0; k < best.length; k++) {
      level += in.readUnsignedShort();
      if (level > STEPS) {
        throw new IOException("an earlier run rises above the best value of its task");
      }
      best[k] = value(level, low, high);
    }
    Map<String, Object> parameters = new HashMap<>();
    for (String name : names) {
      int kind = in.readUnsignedByte();
      if (kind == 1) {
        parameters.put(name, in.readDouble());
      } else if (kind == 2) {
        parameters.put(name, in.readUTF());
      } else if (kind != 0) {
        throw new IOException("parameter '" + name + "' of an earlier run is of unknown kind " + kind);
      }
    }
    return new EarlierRun(id, first, best, points, parameters);
  }
}
