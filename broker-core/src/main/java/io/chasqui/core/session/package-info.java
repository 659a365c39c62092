/** The front door: everything a user may do in a virtual host, for every protocol. */
@NullMarked
package io.chasqui.core.session;

import org.jspecify.annotations.NullMarked;
