/** Clocks, handed in from outside so that tests can travel in time. */
@NullMarked
package io.chasqui.core.time;

import org.jspecify.annotations.NullMarked;
