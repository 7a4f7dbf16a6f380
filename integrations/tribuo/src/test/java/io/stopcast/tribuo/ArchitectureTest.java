package io.stopcast.tribuo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A trainer gets the runtime and its own library, and nothing else. */
@AnalyzeClasses(packages = "io.stopcast.tribuo", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule needs_theRuntimeAndTheLibraryOnly =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.tribuo..",
              "com.oracle.labs.mlrg.olcut..",
              "io.stopcast.run",
              "io.stopcast.policy",
              "io.stopcast.tribuo");
}
