/** From the data directory to a running broker and back: recovery, checkpoints, housekeeping. */
@NullMarked
package io.chasqui.core.boot;

import org.jspecify.annotations.NullMarked;
