/** Who may come in, and what they may do there. */
@NullMarked
package io.chasqui.core.security;

import org.jspecify.annotations.NullMarked;
