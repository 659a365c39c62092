/** Messages as the core sees them: an opaque content image behind the MessageFormat port, kept in one of two logs. */
@NullMarked
package io.chasqui.core.message;

import org.jspecify.annotations.NullMarked;
