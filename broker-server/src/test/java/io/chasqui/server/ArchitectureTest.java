package io.chasqui.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house that the dependencies between the modules cannot state. */
class ArchitectureTest {

    private static final Set<String> OPENS_FILES =
            Set.of(
                    "java.io.File",
                    "java.io.FileDescriptor",
                    "java.io.FileInputStream",
                    "java.io.FileOutputStream",
                    "java.io.FileReader",
                    "java.io.FileWriter",
                    "java.io.RandomAccessFile",
                    "java.nio.channels.AsynchronousFileChannel",
                    "java.nio.channels.FileChannel");

    private static final Set<String> OPENS_SOCKETS =
            Set.of(
                    "java.net.DatagramSocket",
                    "java.net.ServerSocket",
                    "java.net.Socket",
                    "java.nio.channels.DatagramChannel",
                    "java.nio.channels.ServerSocketChannel",
                    "java.nio.channels.SocketChannel");

    private static final Set<String> TIME_AND_CHANCE =
            Set.of(
                    "java.lang.Math.random",
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.lang.Thread.sleep",
                    "java.time.Clock.systemDefaultZone",
                    "java.time.Clock.systemUTC",
                    "java.time.Instant.now",
                    "java.time.LocalDateTime.now",
                    "java.time.OffsetDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.util.Random.<init>",
                    "java.util.UUID.randomUUID",
                    "java.util.concurrent.ThreadLocalRandom.current",
                    "java.util.random.RandomGenerator.getDefault");

    /** The launcher wires the real ones in; the adapter of the clock is the real one. */
    private static final DescribedPredicate<JavaClass> ARE_BELOW_THE_LAUNCHER =
            describe(
                    "are below the launcher",
                    type ->
                            !type.getName().matches("io\\.chasqui\\.server\\.Chasqui(\\$.*)?")
                                    && !type.getPackageName().startsWith("io.chasqui.server.launch")
                                    && !type.getPackageName().equals("io.chasqui.embedded")
                                    && !type.getName().equals("io.chasqui.core.time.SystemClock"));

    private static final JavaClasses CHASQUI =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.chasqui");

    @Test
    void the_classes_of_every_module_are_seen() {
        assertThat(CHASQUI)
                .extracting(JavaClass::getPackageName)
                .anyMatch(name -> name.startsWith("io.chasqui.protocol"))
                .anyMatch(name -> name.startsWith("io.chasqui.core"));
    }

    @Test
    void protocol_knows_only_the_jdk() {
        check(
                classes()
                        .that()
                        .resideInAPackage("io.chasqui.protocol..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage("java..", "org.jspecify..", "io.chasqui.protocol..")
                        .because("a codec can then be read and fuzzed alone"));
    }

    @Test
    void core_knows_no_frames_no_sockets_and_no_metrics_library() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.chasqui.core..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.chasqui.protocol..",
                                "io.chasqui.server..",
                                "io.chasqui.metrics..",
                                "io.netty..",
                                "io.micrometer..")
                        .because(
                                "every protocol comes in through one front door, where permissions,"
                                        + " limits and declare-equivalence are written once"));
    }

    @Test
    void metrics_only_read_the_core() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.chasqui.metrics..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.chasqui.protocol..", "io.chasqui.server..", "io.netty..")
                        .because("the counters are the same whichever way a message came in"));
    }

    @Test
    void only_the_metrics_know_the_metrics_library() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.chasqui.metrics..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                        .because("the hot path counts in plain counters, which the metrics read"));
    }

    @Test
    void front_ends_do_not_know_each_other() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.chasqui.server.amqp10..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.chasqui.server.amqp091..")
                        .because(
                                "what both need is in server.net, what turns one into the other in"
                                        + " server.conversion"));
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.chasqui.server.amqp091..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.chasqui.server.amqp10..")
                        .because("the same"));
    }

    @Test
    void only_its_front_end_knows_the_library_of_amqp_10() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.chasqui.server.amqp10..",
                                "io.chasqui.server.proton..",
                                "io.chasqui.server.client..")
                        .or()
                        .haveSimpleName("Amqp10Protocol")
                        .or()
                        .haveSimpleName("Amqp10Terms")
                        .or()
                        .haveSimpleName("Amqp10Format")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.apache.qpid..")
                        .because("it is loaded with the first client that needs it"));
    }

    @Test
    void only_the_store_opens_data_files() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.chasqui.core.store..")
                        .should()
                        .dependOnClassesThat(areOneOf(OPENS_FILES, "open files"))
                        .because(
                                "what reaches the disk, and when, is decided in one place, whose"
                                        + " power a test can cut"));
    }

    @Test
    void the_core_is_handed_its_disk() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.chasqui.core..")
                        .and()
                        .resideOutsideOfPackage("io.chasqui.core.store..")
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.nio.file.Files")
                        .because("a rule that looks at the file system cannot be tested without"));
    }

    @Test
    void only_the_network_package_touches_sockets() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.chasqui.server.net..",
                                "io.chasqui.server.client..",
                                "io.chasqui.server.cli..")
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage(
                                                "io.netty.bootstrap..",
                                                "io.netty.channel.epoll..",
                                                "io.netty.channel.socket..")
                                        .or(areOneOf(OPENS_SOCKETS, "open sockets")))
                        .because(
                                "accepting, closing and back-pressure are decided in one place;"
                                        + " the client is no part of the broker"));
    }

    @Test
    void time_and_chance_are_handed_in() {
        check(
                noClasses()
                        .that(ARE_BELOW_THE_LAUNCHER)
                        .should()
                        .accessTargetWhere(
                                describe("the clock or the dice are asked", ArchitectureTest::asks))
                        .because("a test can then travel in time and replay a seed"));
    }

    @Test
    void names_say_what_a_class_is() {
        check(
                noClasses()
                        .should()
                        .haveNameMatching(".*(Utils?|Helper|Manager|Impl)")
                        .because("a name that fits anything gathers everything"));
    }

    @Test
    void every_package_is_null_marked() {
        Set<String> marked =
                CHASQUI.stream()
                        .filter(type -> type.getSimpleName().equals("package-info"))
                        .filter(type -> type.isAnnotatedWith(NullMarked.class))
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toSet());
        check(
                classes()
                        .that(resideInAPackage("io.chasqui.."))
                        .should(resideInOneOf(marked))
                        .because("null is then part of a type, and the compiler checks it"));
    }

    private static boolean asks(JavaAccess<?> access) {
        return TIME_AND_CHANCE.contains(
                access.getTargetOwner().getName() + "." + access.getTarget().getName());
    }

    private static DescribedPredicate<JavaClass> areOneOf(Set<String> names, String description) {
        return describe(description, type -> names.contains(type.getName()));
    }

    private static ArchCondition<JavaClass> resideInOneOf(Set<String> marked) {
        return new ArchCondition<>("reside in a package whose package-info.java is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!marked.contains(type.getPackageName())) {
                    events.add(violated(type, type.getName() + " resides in one that is not"));
                }
            }
        };
    }

    /** A package that nobody has written yet breaks no rule. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CHASQUI);
    }
}
