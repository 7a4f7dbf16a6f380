package io.stopcast.importing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the columns of a table are. All that are not named here are metrics.
 *
 * @param step the name of the column that counts steps
 * @param time the name of the column with the time, null if there is none
 * @param millis what the time is to be multiplied with to have milliseconds
 * @param cost the name of the column that counts cost, null if there is none
 * @param costUnit what that counts
 * @param aside columns that are neither metric nor parameter: other counts, names of machines
 * @param parameterPrefix how the names of columns begin that hold a parameter, the same in each row; null if there are none
 */
record TableColumns(
    String step,
    String time,
    double millis,
    String cost,
    String costUnit,
    Predicate<String> aside,
    String parameterPrefix) {

  /** A table of which all columns but the step are metrics. */
  static TableColumns of(String step) {
    return new TableColumns(step, null, 1, null, null, name -> false, null);
  }

  TableColumns withTime(String name, double toMillis) {
    return new TableColumns(step, name, toMillis, cost, costUnit, aside, parameterPrefix);
  }

  TableColumns withCost(String name, String unit) {
    return new TableColumns(step, time, millis, name, unit, aside, parameterPrefix);
  }

  TableColumns without(Predicate<String> names) {
    return new TableColumns(step, time, millis, cost, costUnit, aside.or(names), parameterPrefix);
  }

  TableColumns withParameters(String prefix) {
    return new TableColumns(step, time, millis, cost, costUnit, aside, prefix);
  }

  /** What a column is. */
  enum Role {
    STEP,
    TIME,
    COST,
    METRIC,
    PARAMETER,
    ASIDE
  }

  /** The role of each column; of several with one name the first has it, the others stand aside. */
  List<Role> roles(List<String> names) {
    List<Role> roles = new ArrayList<>();
    Set<String> met = new HashSet<>();
    for (String name : names) {
      roles.add(met.add(name) ? role(name) : Role.ASIDE);
    }
    return roles;
  }

  private Role role(String name) {
    if (name.equals(step)) {
      return Role.STEP;
    } else if (name.equals(time)) {
      return Role.TIME;
    } else if (name.equals(cost)) {
      return Role.COST;
    } else if (name.isEmpty() || name.length() > Parameters.LONGEST_NAME || aside.test(name)) {
      return Role.ASIDE;
    }
    return parameterPrefix != null && name.startsWith(parameterPrefix) ? Role.PARAMETER : Role.METRIC;
  }
}
