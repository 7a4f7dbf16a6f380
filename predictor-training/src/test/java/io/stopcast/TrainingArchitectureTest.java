package io.stopcast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Training may use all of the runtime; nothing comes back the other way. */
@AnalyzeClasses(packages = "io.stopcast", importOptions = ImportOption.DoNotIncludeTests.class)
class TrainingArchitectureTest {
  private static final String[] RUNTIME = {
    "io.stopcast.run..", "io.stopcast.feature..", "io.stopcast.model..", "io.stopcast.policy..", "io.stopcast.live.."
  };

  @ArchTest
  static final ArchRule runtime_neverDependsOnTraining =
      noClasses()
          .that().resideInAnyPackage(RUNTIME)
          .should().dependOnClassesThat(resideInAPackage("io.stopcast..").and(resideOutsideOfPackages(RUNTIME)));

  @ArchTest
  static final ArchRule commandLine_isUsedByNobody =
      noClasses()
          .that().resideOutsideOfPackage("io.stopcast.cli..")
          .should().dependOnClassesThat().resideInAPackage("io.stopcast.cli..");
}
