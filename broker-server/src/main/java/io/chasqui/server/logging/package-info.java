/**
 * The log: how events become lines, where the lines go and how many there may be. Set up by hand
 * from the configuration; no XML file is read unless somebody insists.
 */
@NullMarked
package io.chasqui.server.logging;

import org.jspecify.annotations.NullMarked;
