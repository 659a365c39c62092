/**
 * Where a message goes: one class per exchange type (0-9-1 §3.1.3), the route that comes out, and
 * its cache. Each exchange is changed by one thread at a time, the holder of its virtual host's
 * lock, while any number of event loops route through it without a lock.
 */
@NullMarked
package io.chasqui.core.exchange;

import org.jspecify.annotations.NullMarked;
