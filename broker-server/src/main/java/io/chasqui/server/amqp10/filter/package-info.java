/**
 * Which messages a receiver wants: filter expressions of AMQP 1.0, and selectors of JMS. They know a
 * message by its fields only ({@link io.chasqui.server.amqp10.filter.MessageFields}).
 */
@NullMarked
package io.chasqui.server.amqp10.filter;

import org.jspecify.annotations.NullMarked;
