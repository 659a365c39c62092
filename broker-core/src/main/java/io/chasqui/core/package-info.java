/**
 * What a broker is, without frames, sockets or HTTP: {@link io.chasqui.core.Broker} opens it,
 * {@link io.chasqui.core.session.Session} is the one door to it.
 */
@NullMarked
package io.chasqui.core;

import org.jspecify.annotations.NullMarked;
