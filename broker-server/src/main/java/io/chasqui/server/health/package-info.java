/** Whether the broker is well, for those who restart it or send it clients. */
@NullMarked
package io.chasqui.server.health;

import org.jspecify.annotations.NullMarked;
