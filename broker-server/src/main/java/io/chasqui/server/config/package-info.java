/**
 * The configuration: {@link io.chasqui.server.config.Settings} declares every setting once, {@link
 * io.chasqui.server.config.BrokerConfig} is what the rest of the server is handed. Nobody below the
 * launcher reads a setting by its name.
 */
@NullMarked
package io.chasqui.server.config;

import org.jspecify.annotations.NullMarked;
