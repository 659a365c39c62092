/** What the wire protocols have in common. */
@NullMarked
package io.chasqui.protocol;

import org.jspecify.annotations.NullMarked;
