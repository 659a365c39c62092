/** The {@code chasqui} program. */
@NullMarked
package io.chasqui.server;

import org.jspecify.annotations.NullMarked;
