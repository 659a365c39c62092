/** {@code chasqui user}, {@code vhost}, {@code permission} and so on: a client of the admin socket. */
@NullMarked
package io.chasqui.server.cli;

import org.jspecify.annotations.NullMarked;
