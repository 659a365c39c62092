/**
 * Policies: what queues and exchanges are like beyond their own arguments, given from outside by
 * patterns over their names. Which keys there are, which policy is the one, and what it comes to
 * together with the operator's and with a queue's arguments. Nothing here is kept or recorded.
 */
@NullMarked
package io.chasqui.core.policy;

import org.jspecify.annotations.NullMarked;
