/**
 * A broker inside the virtual machine of the program that uses it, for tests above all: RabbitMQ's
 * semantics without a container, on a free port, with a clock that can be put forward.
 */
@NullMarked
package io.chasqui.embedded;

import org.jspecify.annotations.NullMarked;
