/**
 * AMQP 1.0 (ISO/IEC 19464): frames to calls of {@link io.chasqui.core.session.Session} and back.
 *
 * <p>Nothing here but {@link io.chasqui.server.amqp10.Amqp10Protocol} and the format of stored
 * messages is loaded before the first client that speaks it; see docs/decisions/0017-amqp10.md.
 */
@NullMarked
package io.chasqui.server.amqp10;

import org.jspecify.annotations.NullMarked;
