package io.stopcast.onnx;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A whole curve in a fixed number of slots. How many values share a slot follows from the length alone; what else was
 * known at a slot's last value is looked up there.
 */
final class ThinnedCurve {
  static final int CAPACITY = 52;

  /** How often the slots can be halved: enough for fifty thousand million values. */
  private static final int MOST_SHIFTS = 30;

  private final Graph graph;
  private final Tensor length;
  private final Tensor values;
  private final Tensor bests;
  private final Tensor smooths;
  private final Tensor trains;
  private final Tensor shift;
  private final Tensor stride;
  private final Tensor size;
  private final Tensor means;

  /**
   * Lists have a place 0 that stands for the time before the first value.
   *
   * @param length how many values there are, as one
   * @param blocks the mean of each value and those before it in the same block
   * @param trains the smoothed training signal
   */
  ThinnedCurve(Tensor length, Tensor values, Tensor blocks, Tensor bests, Tensor smooths, Tensor trains) {
    graph = length.graph();
    this.length = length;
    this.values = values;
    this.bests = bests;
    this.smooths = smooths;
    this.trains = trains;
    shift = length.above(graph.constant(limits())).count();
    stride = power(shift);
    size = length.dividedBy(stride).floor();
    means = means(blocks);
  }

  /** The lengths up to which a slot holds 1, 2, 4, .. values. */
  private static double[] limits() {
    return DoubleStream.iterate(CAPACITY, limit -> 2 * limit).limit(MOST_SHIFTS).toArray();
  }

  private static Tensor power(Tensor shifts) {
    double[] powers = DoubleStream.iterate(1, power -> 2 * power).limit(MOST_SHIFTS + 1).toArray();
    return shifts.graph().constant(powers).at(shifts.toLongs());
  }

  /** For the ordinals of values, from 1, where in their block they stand when they are added, from 1. */
  static Tensor inBlock(Tensor ordinals) {
    Tensor shifts = ordinals.asColumn().above(ordinals.graph().constant(limits())).toDoubles().sum(1);
    Tensor strides = power(shifts);
    Tensor before = ordinals.minus(1);
    return before.minus(before.dividedBy(strides).floor().times(strides)).plus(1);
  }

  /** The means of the slots: where they were halved, of pairs of the means before; elsewhere, of their blocks. */
  private Tensor means(Tensor blocks) {
    Tensor even = graph.constant(LongStream.range(0, CAPACITY / 2).map(i -> 2 * i).toArray());
    Tensor odd = graph.constant(LongStream.range(0, CAPACITY / 2).map(i -> 2 * i + 1).toArray());
    Tensor ends =
        graph.constant(LongStream.rangeClosed(CAPACITY / 2 + 1, CAPACITY).asDoubleStream().toArray());
    List<Tensor> state =
        graph.loop(
            shift.toLongs(),
            List.of(values.at(slotEnds(graph.constant(1.0))), graph.constant(2.0)),
            now -> graph.scalar(true),
            now -> {
              Tensor first = now.get(0).at(even);
              Tensor second = now.get(0).at(odd);
              Tensor pairs = first.plus(second.minus(first).dividedBy(2));
              Tensor rest = blocks.at(ends.times(now.get(1)).min(length).toLongs());
              return List.of(pairs.followedBy(rest), now.get(1).times(2));
            });
    return state.get(0);
  }

  private Tensor slotEnds(Tensor slotLength) {
    double[] counted = LongStream.rangeClosed(1, CAPACITY).asDoubleStream().toArray();
    return graph.constant(counted).times(slotLength).min(length).toLongs();
  }

  Tensor length() {
    return length;
  }

  /** How many slots are in use, as one. */
  Tensor size() {
    return size;
  }

  /** How many values went into each slot, as one. */
  Tensor stride() {
    return stride;
  }

  /** How often the slots were halved, as one. */
  Tensor shift() {
    return shift;
  }

  /** The mean of each slot; anything where one is not in use. */
  Tensor means() {
    return means;
  }

  /** The slots of the values that close these shares of the curve. */
  Tensor slots(double... shares) {
    Tensor position = length.times(graph.constant(shares)).floor().max(1);
    Tensor half = stride.dividedBy(2).floor();
    Tensor slot = position.plus(half).dividedBy(stride).floor().minus(1);
    return slot.min(size.minus(1)).max(0);
  }

  /** The running best at the end of slots. */
  Tensor best(Tensor slots) {
    return bests.at(end(slots));
  }

  /** The smoothed value at the end of slots. */
  Tensor smooth(Tensor slots) {
    return smooths.at(end(slots));
  }

  /** The smoothed training signal at the end of slots. */
  Tensor train(Tensor slots) {
    return trains.at(end(slots));
  }

  private Tensor end(Tensor slots) {
    return slots.plus(1).times(stride).min(length).toLongs();
  }

  /** Fits a line through the slots from each of these on; its slope is per slot. */
  LineFit fit(Tensor from, Tensor perUnit) {
    Tensor origin = means.at(size.minus(1).max(0).toLongs());
    Tensor x = positions().minus(from.asColumn());
    Tensor v = x.atLeast(0).and(positions().below(size)).choose(means.minus(origin).times(perUnit), 0);
    return LineFit.of(size.minus(from), v, x);
  }

  /** 0, 1, .. for the slots. */
  Tensor positions() {
    return graph.constant(LongStream.range(0, CAPACITY).asDoubleStream().toArray());
  }
}
