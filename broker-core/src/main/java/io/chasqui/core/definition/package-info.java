/**
 * What has been declared: exchanges, queues, bindings and their argument tables, the changes
 * between two states of them, and the rules which requests must obey. Values only; nothing here
 * routes, stores or delivers.
 */
@NullMarked
package io.chasqui.core.definition;

import org.jspecify.annotations.NullMarked;
