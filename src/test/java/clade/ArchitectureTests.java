package clade;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.Violations;

/** The plan of the house. Each rule holds for Clade and fails in {@code clade.wronghouse}, which breaks it on purpose. */
class ArchitectureTests {

    private static final String WRONG = "clade.wronghouse";

    private static final JavaClasses CLADE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("clade");
    private static final JavaClasses WRONG_HOUSE = new ClassFileImporter().importPackages(WRONG);

    /** Every rule, as it reads for the house {@code root}, with the class that breaks it in the wrong one. */
    private static Stream<Arguments> rules(String root) {
        return Stream.of(
                rule("statistics imports nothing of Clade", engine(root, "statistics"), "UsesSpring"),
                rule("the engine knows no SQL", engine(root, "statistics"), "UsesSql"),
                rule("rfm imports statistics alone", engine(root, "rfm", "statistics"), "UsesClustering"),
                rule("the engine looks at no clock", noClock(root), "LooksAtTheClock"),
                rule("the engine keeps no static state", noStaticState(root), "Remembers"),
                rule("conditions reach nothing but facts", onlyFacts(root), "AsksTheDatabase"),
                rule("the engine is one level deep", shallow(root), "TooDeep"),
                rule("nothing imports what stands on top", nothingAbove(root), "UsesProfiles"),
                rule("packages are null-marked", nullMarked(), "UsesProfiles"),
                rule("service modules declare their arrows", declared(root), "Profile"));
    }

    private static Arguments rule(String name, ArchRule rule, String offender) {
        return Arguments.of(name, rule, offender);
    }

    static Stream<Arguments> rulesOfClade() {
        return Stream.concat(
                rules("clade"),
                Stream.of(
                        rule("clustering imports statistics alone", engine("clade", "clustering", "statistics"), "")));
    }

    static Stream<Arguments> rulesOfTheWrongHouse() {
        return rules(WRONG);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rulesOfClade")
    void holds(String name, ArchRule rule, String offender) {
        rule.check(CLADE);
    }

    @ParameterizedTest(name = "{0}: {2} does not")
    @MethodSource("rulesOfTheWrongHouse")
    void canFail(String name, ArchRule rule, String offender) {
        assertThatThrownBy(() -> rule.check(WRONG_HOUSE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("." + offender);
    }

    @Test
    void modulesUseOnlyWhatTheyDeclareAndFormNoCircle() {
        ApplicationModules.of(CladeApplication.class).verify();
    }

    @Test
    void anUndeclaredArrowIsFound() {
        Violations found =
                ApplicationModules.of(WRONG, (ImportOption) location -> true).detectViolations();

        assertThat(found.getMessages())
                .anyMatch(message -> message.contains("'web'") && message.contains("'profiles'"));
    }

    /** The engine is plain Java: {@code room} may use the JDK's computing parts, commons-math3, JSpecify, and {@code others}. */
    private static ArchRule engine(String root, String room, String... others) {
        String[] allowed = Stream.concat(
                        Stream.of(
                                "java.lang..",
                                "java.util",
                                "java.util.concurrent..",
                                "java.util.function..",
                                "java.util.stream..",
                                "java.math..",
                                "java.io",
                                "org.apache.commons.math3..",
                                "org.jspecify.annotations..",
                                root + "." + room + ".."),
                        Stream.of(others).map(other -> root + "." + other + ".."))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "." + room + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(primitiveArrays()));
    }

    private static DescribedPredicate<JavaClass> primitiveArrays() {
        return DescribedPredicate.describe(
                "primitives and arrays of them",
                type -> type.getBaseComponentType().isPrimitive());
    }

    private static ArchRule noClock(String root) {
        Set<String> clocks = Set.of("currentTimeMillis", "nanoTime", "now");
        return noClasses()
                .that()
                .resideInAnyPackage(engineOf(root))
                .should()
                .accessTargetWhere(DescribedPredicate.<JavaAccess<?>>describe(
                        "tells the time", access -> clocks.contains(access.getName())));
    }

    private static ArchRule noStaticState(String root) {
        return noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(engineOf(root))
                .and()
                .areStatic()
                .should()
                .notBeFinal();
    }

    /** What a client writes into a condition must not be able to touch anything. */
    private static ArchRule onlyFacts(String root) {
        String conditions = root + ".segmentation.conditions..";
        return classes()
                .that()
                .resideInAPackage(conditions)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                conditions,
                                "java.lang",
                                "java.lang.runtime",
                                "java.lang.invoke",
                                "java.math",
                                "java.time",
                                "java.util",
                                "java.util.function",
                                "java.util.regex",
                                "java.util.stream",
                                "org.jspecify.annotations",
                                "org.springframework.modulith")
                        .or(primitiveArrays()));
    }

    private static ArchRule shallow(String root) {
        return noClasses()
                .should()
                .resideInAnyPackage(root + ".statistics.*.*..", root + ".rfm.*.*..", root + ".clustering.*.*..");
    }

    private static ArchRule nothingAbove(String root) {
        String[] top = {root + ".profiles..", root + ".dashboard.."};
        return noClasses()
                .that(resideOutsideOfPackages(top))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(top);
    }

    private static ArchRule nullMarked() {
        return classes()
                .should(condition(
                        "lie in a null-marked package",
                        type -> type.getPackage().isAnnotatedWith(NullMarked.class)));
    }

    private static ArchRule declared(String root) {
        return classes()
                .that(resideOutsideOfPackages(engineOf(root)))
                .and()
                .resideOutsideOfPackage(root)
                .should(condition(
                        "lie in a module with allowedDependencies",
                        type -> type.getPackage()
                                .tryGetAnnotationOfType(ApplicationModule.class)
                                .filter(module ->
                                        !Set.of(module.allowedDependencies()).contains(ApplicationModule.OPEN_TOKEN))
                                .isPresent()));
    }

    private static String[] engineOf(String root) {
        return new String[] {root + ".statistics..", root + ".rfm..", root + ".clustering.."};
    }

    private static ArchCondition<JavaClass> condition(
            String description, java.util.function.Predicate<JavaClass> test) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(type, test.test(type), type.getName() + " does not " + description));
            }
        };
    }
}
