package io.stopcast.datasets.control;

import java.util.Random;

/** A world to act in, by a few discrete actions. Immutable; what changes lives in its episodes. */
interface World {
  /** How many numbers an observation has. */
  int width();

  /** How many actions there are. */
  int actions();

  /** After how many steps an episode is over at the latest. */
  int longest();

  /** By what learners multiply rewards, so that those of all worlds are about as large. Reported returns are not. */
  double rewardScale();

  /** Begins an episode: its start, and all that happens by chance in it, come from this generator. */
  Episode start(Random random);

  /** One episode. */
  interface Episode {
    /** What can be seen now. To be called once a step, as sensors may draw their noise from the generator. */
    double[] observe();

    /** Acts and returns the reward. */
    double act(int action);

    /** Whether it is over: failed, arrived, or at its longest. */
    boolean isOver();

    /** Whether it is over and reached what the world is about. */
    boolean isSuccess();
  }
}
