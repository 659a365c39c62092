/** Who may come in. */
@NullMarked
package io.chasqui.core.security;

import org.jspecify.annotations.NullMarked;
