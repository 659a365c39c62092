/** Wiring, by hand and in one place, and the process around it. */
@NullMarked
package io.chasqui.server.launch;

import org.jspecify.annotations.NullMarked;
