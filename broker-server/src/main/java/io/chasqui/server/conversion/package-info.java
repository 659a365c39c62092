/**
 * Messages of one protocol as the other has them, by RabbitMQ's table: done only when a message goes
 * out by another protocol than it came in by. Knows the codecs, not the front ends.
 */
@NullMarked
package io.chasqui.server.conversion;

import org.jspecify.annotations.NullMarked;
