/** Messages as whole values, for front ends that do not speak in frames. */
@NullMarked
package io.chasqui.server.message;

import org.jspecify.annotations.NullMarked;
