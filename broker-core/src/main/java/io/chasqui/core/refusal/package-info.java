/** Why the broker says no: one sealed family, thrown where the rule is, translated once per protocol. */
@NullMarked
package io.chasqui.core.refusal;

import org.jspecify.annotations.NullMarked;
