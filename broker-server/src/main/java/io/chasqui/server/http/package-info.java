/**
 * A small HTTP/1.1 server: requests, answers, routes, JSON. It knows nothing of brokers; whoever has
 * something to offer mounts it on a {@link io.chasqui.server.http.Router}.
 */
@NullMarked
package io.chasqui.server.http;

import org.jspecify.annotations.NullMarked;
