/**
 * A virtual host: the rules by which exchanges, queues and bindings come and go, and the way into
 * routing. Changes are decided, recorded and replayed; the same replay rebuilds the host at boot.
 */
@NullMarked
package io.chasqui.core.vhost;

import org.jspecify.annotations.NullMarked;
