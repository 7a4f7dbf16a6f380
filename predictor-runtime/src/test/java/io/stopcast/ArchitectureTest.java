package io.stopcast;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** What a trainer holds stays small: dependencies go one way, and nothing is started or opened behind its back. */
@AnalyzeClasses(packages = "io.stopcast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** Each may use those before it. */
  private static final List<String> PACKAGES = List.of("run", "feature", "model", "policy", "sweep", "live", "adapt");

  @ArchTest
  static void packages_useOnlyThoseBeforeThem(JavaClasses classes) {
    for (int i = 0; i < PACKAGES.size() - 1; i++) {
      noClasses()
          .that().resideInAnyPackage(patterns(PACKAGES.subList(i, i + 1)))
          .should().dependOnClassesThat().resideInAnyPackage(patterns(PACKAGES.subList(i + 1, PACKAGES.size())))
          .check(classes);
    }
  }

  @ArchTest
  static void classes_resideInAKnownPackage(JavaClasses classes) {
    noClasses().should().resideOutsideOfPackages(patterns(PACKAGES)).check(classes);
  }

  private static String[] patterns(List<String> packages) {
    return packages.stream().map(name -> "io.stopcast." + name + "..").toArray(String[]::new);
  }

  @ArchTest
  static final ArchRule packages_haveNoCycles = slices().matching("io.stopcast.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onnxRuntime_isUsedByModelsOnly =
      noClasses()
          .that().resideOutsideOfPackage("io.stopcast.model..")
          .should().dependOnClassesThat().resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule sockets_areNeverOpened =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "open connections",
                  type ->
                      (type.getPackageName().startsWith("java.net") && !type.getFullName().equals("java.net.URI"))
                          || type.getFullName().matches("java\\.nio\\.channels\\..*(Socket|Datagram).*")));

  @ArchTest
  static final ArchRule threads_areNeverCreated =
      noClasses()
          .should()
          .callConstructorWhere(
              describe("is one of a thread", call -> call.getTargetOwner().isAssignableTo(Thread.class)));

  @ArchTest
  static final ArchRule pools_areNeverCreated =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "start threads",
                  type ->
                      type.getFullName().matches("java\\.util\\.Timer")
                          || type.getFullName()
                              .matches("java\\.util\\.concurrent\\.(Executors|ForkJoinPool|.*ThreadPoolExecutor)")));
}
