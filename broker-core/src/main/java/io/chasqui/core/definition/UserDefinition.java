package io.chasqui.core.definition;

import java.util.List;

/**
 * A user as kept.
 *
 * @param tags what else the user is, as RabbitMQ has it: {@code administrator}, {@code monitoring} ...
 */
public record UserDefinition(String name, PasswordHash password, List<String> tags) {

    public UserDefinition {
        tags = List.copyOf(tags);
    }
}
