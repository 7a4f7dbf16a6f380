package io.stopcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.stopcast.run.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static List<Step> steps(double... costs) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < costs.length; i++) {
      steps.add(Step.of(i + 1, costs[i], "em", i));
    }
    return steps;
  }

  @Test
  void observe_cost_stopsAtTheFirstPointThatSpentIt() {
    assertEquals(3, Watching.stopOf(Budget.ofCost(25), Watching.RUN, steps(10, 20, 30, 40)));
    assertEquals(2, Watching.stopOf(Budget.ofCost(20), Watching.RUN, steps(10, 20, 30)));
    assertEquals(0, Watching.stopOf(Budget.ofCost(50), Watching.RUN, steps(10, 20, 30, 40)));
    assertEquals(3, Watching.stopOf(Budget.ofCost(25), Watching.RUN, steps(10, Double.NaN, 30)));
  }

  @Test
  void observe_points_stopsAtThatPoint() {
    assertEquals(2, Watching.stopOf(Budget.ofPoints(2), 1, 2, 3));
    assertEquals(3, Watching.stopOf(Budget.ofPoints(2), 1, Double.NaN, 3));
    assertEquals(2, Watching.stopOf(new Budget(20, 3), Watching.RUN, steps(10, 20, 30, 40)));
  }

  @Test
  void observe_stop_saysWhatIsSpent() {
    Decision.Stop stop = Watching.firstStop(Budget.ofPoints(1), Watching.RUN, 1);
    assertEquals("budget(1 points)", stop.policy());
    assertEquals("budget(cost 2.5)", Budget.ofCost(2.5).toString());
    assertEquals("budget(cost 2.5, 3 points)", new Budget(2.5, 3).toString());
  }

  @Test
  void new_nothingToSpend_saysSo() {
    assertEquals(
        "the budget must be positive, in the run's unit of cost, but was NaN",
        assertThrows(IllegalArgumentException.class, () -> Budget.ofCost(Double.NaN)).getMessage());
    assertEquals(
        "the budget must be at least 1 point, but was 0",
        assertThrows(IllegalArgumentException.class, () -> Budget.ofPoints(0)).getMessage());
  }
}
