package io.stopcast.live;

/**
 * Which faults are kept from a trainer: all but those after which the virtual machine itself cannot be trusted.
 *
 * <p>A {@link StackOverflowError} is kept from it, for it undoes itself. So is an {@link OutOfMemoryError}: it is thrown where
 * an allocation failed, mostly one of the predictor's, and what the run's model remembered is let go with it. If memory is
 * short in earnest, the trainer's next allocation will tell.
 */
final class Faults {
  private Faults() {}

  /** Throws it on if it is an error of the virtual machine that nobody should go on after. */
  static void passIfFatal(Throwable fault) {
    if (fault instanceof VirtualMachineError fatal
        && !(fault instanceof StackOverflowError || fault instanceof OutOfMemoryError)) {
      throw fatal;
    }
  }
}
