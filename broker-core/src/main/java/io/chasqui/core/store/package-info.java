/**
 * Everything that touches data files: the commit log with its segments, the page file of spilled
 * queue indexes, checkpoints and recovery. No other package opens a file of the data directory.
 */
@NullMarked
package io.chasqui.core.store;

import org.jspecify.annotations.NullMarked;
