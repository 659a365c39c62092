/** Hands a broker to tests of JUnit Jupiter. */
@NullMarked
package io.chasqui.embedded.junit;

import org.jspecify.annotations.NullMarked;
