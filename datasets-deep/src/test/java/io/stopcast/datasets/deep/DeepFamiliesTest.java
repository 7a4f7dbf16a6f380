package io.stopcast.datasets.deep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.datasets.family.Family;
import io.stopcast.datasets.family.FamilyProvider;
import io.stopcast.datasets.family.RunPlan;
import io.stopcast.datasets.table.DebianPackages;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeepFamiliesTest {
  private static List<Family> families() {
    DebianPackages none = new DebianPackages(Path.of("no such folder"));
    return ServiceLoader.load(FamilyProvider.class).stream()
        .flatMap(provider -> provider.get().families(none).stream())
        .toList();
  }

  @Test
  void families_areFoundAsAService() {
    assertEquals(List.of("G", "H"), families().stream().map(Family::letter).toList());
  }

  @ParameterizedTest
  @CsvSource({"0, convolution, 4, 20", "1, sequence, 16, 12"})
  void plans_needNoData(int family, String name, int tasks, int runsEach) {
    List<RunPlan> plans = families().get(family).plans();

    assertEquals(plans, families().get(family).plans());
    assertEquals(tasks * runsEach, plans.size());
    assertEquals(tasks, plans.stream().map(RunPlan::task).distinct().count());
    assertEquals(plans.size(), plans.stream().map(plan -> plan.task() + plan.run()).distinct().count());
    assertTrue(plans.stream().allMatch(plan -> plan.task().startsWith(name + "/")));
    long tuned = plans.stream().filter(plan -> plan.settings().text("sampler").equals("tuned")).count();
    assertTrue(tuned > plans.size() / 20 && tuned < plans.size() / 5, tuned + " of " + plans.size() + " are tuned");
    assertTrue(plans.stream().allMatch(plan -> plan.settings().whole("points") >= 30));
  }
}
