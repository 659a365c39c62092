/** One event loop's world: its queues, its hand-offs to other shards, its tick. */
@NullMarked
package io.chasqui.core.shard;

import org.jspecify.annotations.NullMarked;
