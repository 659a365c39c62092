/**
 * Our own small interface to proton-j's codec: values of AMQP 1.0 to octets and back. The broker's
 * side and the client's share it.
 */
@NullMarked
package io.chasqui.server.proton;

import org.jspecify.annotations.NullMarked;
