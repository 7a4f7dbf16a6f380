package io.stopcast.datasets.trial;

import io.stopcast.run.Objective;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Something to train, again and again from other seeds. */
public interface TrialTask {
  /** What trains, and on what, such as {@code boosting/ticdata}. */
  String name();

  /** What trainings are judged by; the first of the signals. */
  Objective objective();

  /** What each epoch reports, by name, beside the learning rate and the batch size. */
  List<String> signals();

  /** The names of those signals that tell by how much each layer has changed, from the lowest up; empty if it has none. */
  List<String> layers();

  /** What the objective is called on the test rows. */
  String label();

  /** How many epochs are planned. */
  int epochs();

  /** What all planned epochs cost. */
  double plannedCost();

  /** The learning rate that trainings from this seed start with. */
  double rate(int seed);

  /** By what the fixed schedule multiplies it, at an epoch counted from 0. */
  double fixedFactor(int epoch);

  /** Settings, for the history. */
  Map<String, Object> parameters();

  /** Starts a training; the same seed and the same changes give the same one. */
  Trainee start(int seed) throws IOException;
}
