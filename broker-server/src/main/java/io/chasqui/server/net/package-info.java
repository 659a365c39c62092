/**
 * Sockets: listening, accepting, choosing a protocol by its first octets, and what is looked after
 * per event loop. The only package that knows how octets travel.
 */
@NullMarked
package io.chasqui.server.net;

import org.jspecify.annotations.NullMarked;
