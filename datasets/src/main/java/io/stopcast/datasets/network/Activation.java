package io.stopcast.datasets.network;

import java.util.Locale;

/** What a hidden unit makes of its input. */
public enum Activation {
  /** The positive part. */
  RELU {
    @Override
    double apply(double input) {
      return input > 0 || Double.isNaN(input) ? input : 0;
    }

    @Override
    double slope(double input, double output) {
      return input > 0 ? 1 : 0;
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    double apply(double input) {
      return StrictMath.tanh(input);
    }

    @Override
    double slope(double input, double output) {
      return 1 - output * output;
    }
  },
  /** The square: networks of it learn modular arithmetic soonest (Gromov, "Grokking modular arithmetic", 2023). */
  SQUARE {
    @Override
    double apply(double input) {
      return input * input;
    }

    @Override
    double slope(double input, double output) {
      return 2 * input;
    }
  };

  abstract double apply(double input);

  /** The derivative at an input whose output is known. */
  abstract double slope(double input, double output);

  /** The name in settings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The activation of that name. */
  public static Activation ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
