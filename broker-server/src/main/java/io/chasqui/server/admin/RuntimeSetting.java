package io.chasqui.server.admin;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A setting that can be changed while the broker runs. The change is not kept: after a restart the
 * configuration counts again.
 *
 * @param name as the configuration has it, where it has it
 * @param value as it is just now
 * @param change takes another one; an {@link IllegalArgumentException} if it is none
 */
public record RuntimeSetting(String name, Supplier<String> value, Consumer<String> change) {}
