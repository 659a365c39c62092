/** RabbitMQ's definitions files: all that is defined in a broker, written and read as one JSON object. */
@NullMarked
package io.chasqui.server.definitions;

import org.jspecify.annotations.NullMarked;
