package io.chasqui.embedded.junit;

import io.chasqui.embedded.EmbeddedBroker;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests may have a parameter of type {@link EmbeddedBroker}: a broker that is started when it is
 * first asked for, and stopped at the end of what asked for it. One that a test method or a method
 * before each test asks for is the test's own; one that the constructor or a method before all
 * tests asks for is shared by the tests of the class.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(BrokerExtension.class)
public @interface WithBroker {

    /** Settings as {@code KEY=VALUE}, see {@code docs/configuration.md}. */
    String[] settings() default {};

    /** Whether messages are kept on disk, in a temporary directory, and not in memory. */
    boolean onDisk() default false;

    /** Whether the management API is served. */
    boolean http() default false;
}
