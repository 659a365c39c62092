/**
 * AMQP 1.0 (ISO/IEC 19464) as octets: frames, the type system, and the sections of a message. What
 * stored messages are read with, so nothing but the JDK; performatives are decoded elsewhere.
 */
@NullMarked
package io.chasqui.protocol.amqp10;

import org.jspecify.annotations.NullMarked;
