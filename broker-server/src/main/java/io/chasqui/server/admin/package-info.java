/** The local administration interface: JSON over HTTP on a unix domain socket. */
@NullMarked
package io.chasqui.server.admin;

import org.jspecify.annotations.NullMarked;
