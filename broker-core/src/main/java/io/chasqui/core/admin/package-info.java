/** The administrator's door: users, virtual hosts and permissions, changed while the broker runs. */
@NullMarked
package io.chasqui.core.admin;

import org.jspecify.annotations.NullMarked;
